/**
 * The strongly connected components of a graph (Tarjan's), each after those that it leads to. A node alone is one, too,
 * whether it leads to itself or not.
 */
export function components<T>(nodes: readonly T[], next: (node: T) => readonly T[]): T[][] {
  const found: T[][] = [];
  const order = new Map<T, number>();
  const open: T[] = [];
  const isOpen = new Set<T>();
  const visit = (node: T): number => {
    const own = order.size;
    order.set(node, own);
    open.push(node);
    isOpen.add(node);
    let lowest = own;
    for (const other of next(node)) {
      if (!order.has(other)) lowest = Math.min(lowest, visit(other));
      else if (isOpen.has(other)) lowest = Math.min(lowest, order.get(other)!);
    }
    if (lowest === own) {
      const component = open.splice(open.indexOf(node));
      for (const member of component) isOpen.delete(member);
      found.push(component);
    }
    return lowest;
  };
  for (const node of nodes) if (!order.has(node)) visit(node);
  return found;
}
