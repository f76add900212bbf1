/** The options that somebody configured, and all that is wrong with how they go together. */
import type { ResolvedOption } from '../../config/option-resolution.ts';
import { StevedoreError, messageOf } from '../../protocol/errors.ts';
import type { SchedulerValues } from '../options/scheduler-options.ts';

/** Of any service: its table holds those of every scheduler. */
export interface Configured {
  readonly values: SchedulerValues;
  readonly options: readonly ResolvedOption[];
}

export type OptionName = keyof SchedulerValues;

export class ConfiguredOptions {
  readonly values: SchedulerValues;
  readonly problems: StevedoreError[] = [];
  readonly warnings: string[] = [];
  readonly #options: ReadonlyMap<string, ResolvedOption>;

  constructor({ values, options }: Configured) {
    this.values = values;
    this.#options = new Map(options.map((option) => [option.name, option]));
  }

  keyOf(name: OptionName): string {
    return this.#options.get(name)?.option.key ?? name;
  }

  originOf(name: OptionName): string {
    return this.#options.get(name)?.setting?.origin ?? 'default';
  }

  /** Somebody wrote it, and not to say no. */
  isSet(name: OptionName): boolean {
    const text = this.#options.get(name)?.setting?.value;
    return text !== undefined && text !== '' && this.values[name] !== false;
  }

  /** Each of `names` needs `other`. */
  need(other: OptionName, names: readonly OptionName[]): void {
    if (this.isSet(other)) return;
    for (const name of names)
      if (this.isSet(name))
        this.problems.push(
          new StevedoreError('ERR_OPTION_ALONE', {
            key: this.keyOf(name),
            origin: this.originOf(name),
            other: this.keyOf(other),
          }),
        );
  }

  /** Each of the two needs the other one. */
  needBoth(one: OptionName, other: OptionName): void {
    this.need(one, [other]);
    this.need(other, [one]);
  }

  exclude(one: OptionName, other: OptionName): void {
    if (!this.isSet(one) || !this.isSet(other)) return;
    this.problems.push(
      new StevedoreError('ERR_OPTION_CONFLICT', {
        key: this.keyOf(one),
        origin: this.originOf(one),
        other: this.keyOf(other),
        otherOrigin: this.originOf(other),
      }),
    );
  }

  refuse(name: OptionName, problem: string): void {
    const [key, origin] = [this.keyOf(name), this.originOf(name)];
    this.problems.push(new StevedoreError('ERR_OPTION_INVALID', { key, origin, problem }));
  }

  /** What `read` makes of the option; what it throws is a problem of it. */
  read<T>(name: OptionName, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof StevedoreError)) throw error;
      this.refuse(name, messageOf(error));
      return undefined;
    }
  }
}
