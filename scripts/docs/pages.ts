/** The generated pages by path. `make docs` writes them, and a test compares them with what is in the repository. */
import { renderErrorsPage } from './errors-page.ts';

export const GENERATED_PAGES: Readonly<Record<string, () => string>> = {
  'docs/errors.md': renderErrorsPage,
};
