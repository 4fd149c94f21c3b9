namespace KerasCompat.Hdf5;

/// <summary>Level 1A1, B-trees of version 1: what groups of old files and chunks of old datasets are found by.</summary>
internal static class BTree1
{
    /// <summary>Receives one child of a leaf: the key before it, its address, the key after it.</summary>
    public delegate void Visit(ReadOnlySpan<byte> before, long child, ReadOnlySpan<byte> after);

    /// <summary>Visits the children of all leaves, in the order of their keys.</summary>
    /// <param name="address">The root node.</param>
    /// <param name="nodeType">0 for groups, 1 for chunks.</param>
    /// <param name="keySize">Bytes of a key.</param>
    /// <param name="mostChildren">The most children of a node.</param>
    /// <param name="place">Where the tree hangs.</param>
    /// <param name="visit">Called for each.</param>
    public static void ForEach(long address, int nodeType, int keySize, int mostChildren, Place place, Visit visit) =>
        Node(address, level: null, new Walk(nodeType, keySize, mostChildren, place, visit, []));

    private static void Node(long address, int? level, Walk walk)
    {
        var (nodeType, keySize, mostChildren, place, visit, seen) = walk;
        if (!seen.Add(address))
        {
            throw place.Damaged($"the B-tree node at {address} twice in one tree");
        }

        const int fixedSize = 8; // signature, type, level, entries used
        var head = place.Metadata(address, fixedSize, "B-tree node").Span;
        place.CheckSignature(head, "TREE"u8, "B-tree node");
        var (type, ownLevel, count) = (head[4], head[5], head[6] | (head[7] << 8));
        if (type != nodeType || (level ?? ownLevel) != ownLevel)
        {
            throw place.Damaged($"a B-tree node of type {type} and level {ownLevel}", $"type {nodeType} and level {level ?? ownLevel}");
        }

        if (count > mostChildren)
        {
            throw place.Damaged($"a B-tree node of {count} children", $"at most {mostChildren}");
        }

        var file = place.File;
        var start = fixedSize + (2 * file.OffsetSize); // left and right sibling
        var step = keySize + file.OffsetSize;
        place.CheckRange(address, start + ((long)mostChildren * step) + keySize, "B-tree node"); // space is taken for all children
        var bytes = place.Metadata(address, start + ((long)count * step) + keySize, "B-tree node");
        for (var i = 0; i < count; i++)
        {
            var at = start + (i * step);
            var c = new Cursor(bytes.Span[(at + keySize)..], place, "B-tree node");
            var child = c.Address();
            if (ownLevel > 0)
            {
                Node(child, ownLevel - 1, walk);
            }
            else
            {
                visit(bytes.Span.Slice(at, keySize), child, bytes.Span.Slice(at + step, keySize));
            }
        }
    }

    private sealed record Walk(int NodeType, int KeySize, int MostChildren, Place Place, Visit Visit, HashSet<long> Seen);
}
