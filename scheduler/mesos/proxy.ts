/** The HTTP proxy between us and the masters, in the form that Node's agents take. Node's environment is never asked. */
import { StevedoreError } from '../../protocol/errors.ts';
import type { ProxyOptions } from './master-options.ts';
import { SecretFile } from './secret-file.ts';

export interface ProxyEnvironment {
  readonly HTTP_PROXY: string;
  readonly HTTPS_PROXY: string;
  readonly NO_PROXY: string;
}

function readProxyUrl(text: string): URL {
  const url = URL.parse(text);
  const fail = (problem: string) => {
    // Who wrote a password into it should not find it in a log.
    const value = url?.username || url?.password ? `${url.protocol}//***@${url.host}` : text;
    return new StevedoreError('ERR_MASTER_PROXY', { value, problem });
  };
  if (url === null || !/^https?:$/.test(url.protocol)) throw fail('it is no http:// or https:// URL');
  if (url.username !== '' || url.password !== '') throw fail('it holds a credential');
  return url;
}

/** Host and port, for whoever connects by himself. @throws StevedoreError ERR_MASTER_PROXY */
export function readProxyAddress(proxy: ProxyOptions): { hostname: string; port: number } {
  const url = readProxyUrl(proxy.url);
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  return { hostname: url.hostname.replace(/^\[|\]$/g, ''), port };
}

/** @throws StevedoreError ERR_MASTER_PROXY */
export function readProxyEnvironment(proxy: ProxyOptions): ProxyEnvironment {
  const url = readProxyUrl(proxy.url);
  if (proxy.credentialFile !== undefined) {
    const toError = (problem: string) =>
      new StevedoreError('ERR_MASTER_PROXY', { value: proxy.url, problem: `credential: ${problem}` });
    const credential = new SecretFile(proxy.credentialFile, toError).read();
    const [user = '', ...password] = credential.split(':');
    url.username = user;
    url.password = password.join(':');
  }
  return { HTTP_PROXY: url.href, HTTPS_PROXY: url.href, NO_PROXY: (proxy.except ?? []).join(',') };
}
