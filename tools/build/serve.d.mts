export declare const CONTENT_SECURITY_POLICY: string;

export interface Served {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

export interface ServeOptions {
  readonly mounts: Readonly<Record<string, string>>;
  readonly pages?: Readonly<Record<string, string>>;
  readonly port?: number;
}

export declare function serve(options: ServeOptions): Promise<Served>;
export declare function serveSomewhere(options: ServeOptions): Promise<Served>;
