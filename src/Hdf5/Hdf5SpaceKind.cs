namespace KerasCompat.Hdf5;

/// <summary>The kinds of dataspace.</summary>
public enum Hdf5SpaceKind
{
    /// <summary>One element, no dimensions.</summary>
    Scalar,

    /// <summary>An array.</summary>
    Simple,

    /// <summary>No elements at all: only a type.</summary>
    Null,
}
