// A data set in MNIST's form, written out: four images of 2 x 1 pixels to train with, one to test with.

export const idxFiles: readonly (readonly [name: string, bytes: readonly number[]])[] = [
  [
    'train-images-idx3-ubyte',
    [0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 2, 0, 0, 0, 1, 0, 1, 2, 3, 4, 5, 6, 7],
  ],
  ['train-labels-idx1-ubyte', [0, 0, 8, 1, 0, 0, 0, 4, 3, 7, 0, 9]],
  ['t10k-images-idx3-ubyte', [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1, 8, 9]],
  ['t10k-labels-idx1-ubyte', [0, 0, 8, 1, 0, 0, 0, 1, 5]],
];
