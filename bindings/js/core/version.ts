/** The package's version. The engine says its own when it is loaded, and the two have to agree. */
export const VERSION = '0.1.0';
