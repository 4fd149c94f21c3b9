namespace KerasCompat.Hdf5;

/// <summary>How the elements of a dataset are stored.</summary>
public enum Hdf5Layout
{
    /// <summary>In the object header.</summary>
    Compact,

    /// <summary>In one piece.</summary>
    Contiguous,

    /// <summary>In pieces of one shape, which filters may have changed.</summary>
    Chunked,

    /// <summary>In other datasets. Not read.</summary>
    Virtual,
}
