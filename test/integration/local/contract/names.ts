/** Names for what is generated in every run anew. */

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

export class Names {
  readonly #pairs: [generated: string, name: string][] = [];

  constructor(target: { readonly port: number; readonly agentPort: number }) {
    this.add(`:${target.port}`, ':MASTERPORT');
    this.add(`:${target.agentPort}`, ':AGENTPORT');
  }

  /** Longer texts are replaced first: an agent's id begins with its master's. */
  add(generated: string, name: string): void {
    if (this.#pairs.some(([known]) => known === generated)) return;
    this.#pairs.push([generated, name]);
    this.#pairs.sort(([a], [b]) => b.length - a.length);
  }

  mask(text: string): string {
    return this.#pairs
      .reduce((result, [generated, name]) => result.replaceAll(generated, name), text)
      .replace(/"timestamp":\d{10}(\.\d+)?/g, '"timestamp":TIME')
      .replace(/"(uuid|status_update_uuid)":"[A-Za-z0-9+/]{22}=="/g, '"$1":UUID')
      .replace(/"uuid":\{"value":"[A-Za-z0-9+/]{22}=="\}/g, '"uuid":{"value":UUID}')
      .replace(/"executor_pid":\d+/g, '"executor_pid":PID')
      .replace(/"nanoseconds":\d{16,}/g, '"nanoseconds":TIME')
      .replace(/"root":"[^"]+"/g, '"root":ROOT')
      .replace(/PATH:[^\],]+/g, 'PATH:ROOT')
      .replace(/MASTER-O\d+/g, 'OFFER')
      .replace(/(?:on agent )?\S+ at slave\(1\)@\S+ \(\S+\)/g, 'on agent AGENT')
      .replace(new RegExp(UUID, 'g'), 'UUID');
  }
}
