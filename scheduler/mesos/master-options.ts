/** How masters are reached, beside where: TLS, credentials, proxy. Secrets are in files only. */

/** Basic of the framework's principal needs none of these: `FrameworkOptions.secretFile` is enough. */
export type CredentialOptions =
  | {
      /** `Authorization: Bearer TOKEN`. */
      readonly kind: 'bearer';
      /** Holds the token and nothing else; read again when it changes. */
      readonly tokenFile: string;
    }
  | {
      /** `Authorization: token=JWT` of DC/OS, got by a login. */
      readonly kind: 'service-account';
      /** As DC/OS writes it: JSON with `uid`, `private_key` and `login_endpoint`. */
      readonly file: string;
      /** In place of the file's `login_endpoint`. */
      readonly loginUrl?: string;
    };

export interface ProxyOptions {
  /** `http://host:port` or `https://host:port`, without a credential. */
  readonly url: string;
  /** Holds `user:password` of the proxy. */
  readonly credentialFile?: string;
  /** Reached without it: host, `.domain`, `host:port`, IP address or range. */
  readonly except?: readonly string[];
}

/** PEM files. */
export interface TlsFiles {
  /** Authorities that may sign the server's certificate; unset: those that Node trusts. */
  readonly ca?: string;
  /** Our own certificate and its key, both or none, for servers that ask for one. */
  readonly clientCertificate?: string;
  readonly clientKey?: string;
}

export interface MasterAccessOptions extends TlsFiles {
  /** HTTPS where the address names no scheme: ZooKeeper, lists. */
  readonly tls?: boolean;
  /** Take any certificate. Warned about at each start. */
  readonly insecure?: boolean;
  readonly credential?: CredentialOptions;
  readonly proxy?: ProxyOptions;
  /** Given: ZooKeeper is asked over TLS. */
  readonly zooKeeperTls?: TlsFiles;
}
