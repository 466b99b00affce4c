// Whether a drawing would only repeat the last one: what it is made of, held against what it was made of then. Pure.

export function unchanged(): (parts: readonly unknown[]) => boolean {
  let before: readonly unknown[] | null = null;
  return (parts) => {
    const same = before !== null && before.length === parts.length && parts.every((part, i) => Object.is(part, before![i]));
    before = parts;
    return same;
  };
}
