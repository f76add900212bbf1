/** A master that does not lead sends everybody to the one that does, before it looks at anything else, as recorded. */
import { answerEmpty } from '../http/answer.ts';
import type { Handler } from '../http/server.ts';

/** Parameters come back in the order in which a real master was seen to give them: the last first. */
function reverseParameters(search: string): string {
  const pairs = search.slice(1).split('&').filter(Boolean).reverse();
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/** To the same path below `/master`, without a scheme: the client keeps its own. */
export function redirectTo(leader: string, route: string): Handler {
  return ({ response, url }) => {
    const below = url.pathname.replace(/^\/master(?=\/)/, '');
    const path = route === '/redirect' ? '' : `/master${below}${reverseParameters(url.search)}`;
    answerEmpty(response, 307, { Location: `//${leader}${path}` });
  };
}
