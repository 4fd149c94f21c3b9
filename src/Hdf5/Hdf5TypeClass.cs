namespace KerasCompat.Hdf5;

/// <summary>The classes of datatypes (IV.A.2.d), with the numbers they have in a file.</summary>
public enum Hdf5TypeClass
{
    /// <summary>Integers.</summary>
    Integer = 0,

    /// <summary>Floating-point numbers.</summary>
    Float = 1,

    /// <summary>Times; no library writes them.</summary>
    Time = 2,

    /// <summary>Text, of fixed or of variable length.</summary>
    String = 3,

    /// <summary>Bits.</summary>
    BitField = 4,

    /// <summary>Bytes without a meaning. bfloat16 and float8 of ml_dtypes are stored so.</summary>
    Opaque = 5,

    /// <summary>Members side by side.</summary>
    Compound = 6,

    /// <summary>References to objects or to regions of datasets.</summary>
    Reference = 7,

    /// <summary>Integers with names. A bool of h5py is one with FALSE = 0 and TRUE = 1.</summary>
    Enum = 8,

    /// <summary>Sequences of variable length. Text of variable length is <see cref="String"/>.</summary>
    Sequence = 9,

    /// <summary>Arrays of one size.</summary>
    Array = 10,

    /// <summary>Complex numbers (HDF5 2.0).</summary>
    Complex = 11,
}
