namespace KerasCompat.Hdf5;

/// <summary>How the chunks of a dataset are found (appendix C), with the numbers of layout message version 4.</summary>
internal enum ChunkIndexKind
{
    /// <summary>By a B-tree of version 1: layout messages before version 4.</summary>
    BTree1 = 0,
    Single = 1,
    Implicit = 2,
    FixedArray = 3,
    ExtensibleArray = 4,
    BTree2 = 5,
}
