/// What to do about the usual mistakes, by TensorFlow's text for them: the sentence that the page and the command line
/// add below the message. Hints that name a file or a folder are made where it is known (hints.ts).

/** The beginnings of messages, or what they contain, and the advice. The first that fits counts. */
const ADVICE: readonly (readonly [text: string | RegExp, advice: string])[] = [
  [
    'No variables to save',
    'Make the variables before the Saver: it takes those that are in the default graph at that moment.',
  ],
  [
    'Variables to save should be passed in a dict or a list',
    'Pass [weights, bias], or { name: variable } to choose the names in the checkpoint.',
  ],
  [
    /^Variable to save is not a Variable|Not a variable: /,
    'A Saver saves variables; the value of any other tensor is computed from them again.',
  ],
  [
    'names_to_saveables must be a dict mapping string names',
    'The keys of the map are names in the checkpoint: strings.',
  ],
  [
    'At least two variables have the same name',
    'Give the variables names of their own, or pass a map with a key for each.',
  ],
  [
    'The same saveable will be restored with two names',
    'Name each variable once in the map; use two Savers for two names.',
  ],
  [
    /^Slices must all be|^Mixing slices/,
    'A list in the map stands for the parts of one partitioned variable.',
  ],
  [
    "'latest_filename' must not contain path components",
    'The state file always lies beside the checkpoint: give a name without a slash.',
  ],
  [
    "'latest_filename' collides with 'save_path'",
    "The state file would overwrite the checkpoint: save to another name, such as 'model.ckpt'.",
  ],
  [/conflicts with path used for checkpoint state/, "Save to another name, such as 'model.ckpt'."],
  [
    'The passed save_path is not a valid checkpoint',
    'Give the prefix that was passed to save(), without .index or .data-00000-of-00001, and await save() first.',
  ],
  [
    "Can't load save_path when it is None",
    'There is no path: latestCheckpoint() finds none when its folder has no checkpoint.',
  ],
  [
    /Key .* not found in checkpoint/,
    'The variable is called otherwise in the checkpoint, or is not in it: compare with listVariables(path), and name it with { name } or a map of names for the Saver.',
  ],
  [
    'Tensor name "',
    'The variable is called otherwise in the checkpoint, or is not in it: compare with listVariables(path).',
  ],
  [
    /Assign requires shapes of both tensors to match/,
    'The checkpoint has another variable under this name. Names that nobody gives depend on the order in which variables are made: give each its own with { name }.',
  ],
  [
    /expected dtype .* does not equal original dtype|Expected to restore a tensor of type/,
    'Make the variable with the dtype that the checkpoint has, or restore another variable and cast it.',
  ],
  [
    /Input to reshape is a tensor with/,
    'reshape: true takes only as many elements as the variable has.',
  ],
  [
    /sufficient slices/,
    'Only some parts of the partitioned variable were saved: save all of them with one Saver.',
  ],
  [
    'Attempting to use uninitialized value',
    'Run tf.globalVariablesInitializer() in this session first, or restore a checkpoint.',
  ],
  ["'sess' must be a Session", 'Pass the session first: saver.save(sess, path).'],
  ['`build()` should be called before save', 'Call saver.build() when all variables are made.'],
  ['If `var_list` is provided then build', 'Leave out deferBuild, or the variables.'],
  [
    'Attempted to use a closed Session',
    'The session was closed before this was awaited: await save() and restore() inside withSession().',
  ],
  [
    /^(Fetch argument|Cannot interpret feed_dict key)/,
    'The graph of the session is another than the one this was made in, or the name is misspelt.',
  ],
  [
    'Graph is finalized',
    'Make variables, savers and the initializer before the graph is finalized.',
  ],
  [
    /^Variable .* already exists, disallowed/,
    'Open the variable scope with { reuse: true } or tf.AUTO_REUSE to get the same variable again.',
  ],
  [
    /^Variable .* does not exist, or was not created with tf\.get_variable/,
    'Make it first without reuse; variables of new tf.Variable() are not found by getVariable().',
  ],
  [
    /^Trying to share variable/,
    'A variable that is got again must be asked for with the same shape and dtype.',
  ],
  [/^saver_def must/, 'Pass what asSaverDef() returned, or what a .meta file has.'],
  [
    "Couldn't find 'checkpoint' file",
    'The folder has no state file: give the prefix of the checkpoint itself.',
  ],
  [
    'Invalid checkpoint state loaded from',
    'The state file names no checkpoint: write it again with updateCheckpointState().',
  ],
];

/** What to do about an error with the text `message`; undefined when there is nothing to say. */
export function adviceOn(message: string): string | undefined {
  for (const [text, advice] of ADVICE) {
    if (typeof text === 'string' ? message.includes(text) : text.test(message)) return advice;
  }
  return undefined;
}
