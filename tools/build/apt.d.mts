export interface Archive {
  readonly uri: string;
  readonly suites: string[];
  /** Lines of the deb822 format that concern trust. */
  readonly options: string[];
}

export declare function stanzas(text: string): Archive[];
export declare function oneLiners(text: string): Archive[];
