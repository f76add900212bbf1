/** Mesos `OfferConstraints` (scheduler.proto, v1; since 1.11): what a master need not offer. Attributes that are no TEXT pass all text predicates. */

export interface AttributeSelector {
  /** The first attribute of that name. */
  readonly attribute_name?: string;
  readonly pseudoattribute_type?: 'HOSTNAME' | 'REGION' | 'ZONE';
}

/** Exactly one of them; regular expressions are RE2. */
export interface AttributePredicate {
  readonly exists?: Record<string, never>;
  readonly not_exists?: Record<string, never>;
  readonly text_equals?: { readonly value: string };
  readonly text_not_equals?: { readonly value: string };
  readonly text_matches?: { readonly regex: string };
  readonly text_not_matches?: { readonly regex: string };
}

export interface AttributeConstraint {
  readonly selector: AttributeSelector;
  readonly predicate: AttributePredicate;
}

/** One group must hold, and in it every constraint; neither list may be empty. */
export interface RoleConstraints {
  readonly groups: readonly { readonly attribute_constraints: readonly AttributeConstraint[] }[];
}

export interface OfferConstraints {
  readonly role_constraints: Readonly<Record<string, RoleConstraints>>;
}
