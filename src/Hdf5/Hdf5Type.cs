namespace KerasCompat.Hdf5;

/// <summary>The byte order of a number.</summary>
public enum Hdf5ByteOrder
{
    /// <summary>The least significant byte first.</summary>
    LittleEndian,

    /// <summary>The most significant byte first.</summary>
    BigEndian,

    /// <summary>The VAX's order.</summary>
    Vax,

    /// <summary>The type has no byte order.</summary>
    None,
}

/// <summary>What fills a fixed text that is shorter than its room.</summary>
public enum Hdf5StringPadding
{
    /// <summary>The text ends at its first NUL.</summary>
    NullTerminated,

    /// <summary>NULs.</summary>
    NullPadded,

    /// <summary>Blanks.</summary>
    SpacePadded,
}

/// <summary>What a reference leads to.</summary>
public enum Hdf5ReferenceKind
{
    /// <summary>An object.</summary>
    Object,

    /// <summary>A part of a dataset.</summary>
    Region,

    /// <summary>An object, in the form of HDF5 1.12.</summary>
    NewObject,

    /// <summary>A part of a dataset, in the form of HDF5 1.12.</summary>
    NewRegion,

    /// <summary>An attribute.</summary>
    Attribute,
}

/// <summary>Where the parts of a floating-point number lie, in bits from the least significant.</summary>
/// <param name="SignBit">The sign.</param>
/// <param name="ExponentBit">The lowest bit of the exponent.</param>
/// <param name="ExponentBits">Bits of the exponent.</param>
/// <param name="MantissaBit">The lowest bit of the mantissa.</param>
/// <param name="MantissaBits">Bits of the mantissa.</param>
/// <param name="Bias">What is taken from the exponent.</param>
/// <param name="ImpliedBit">Whether the mantissa's highest bit is not stored.</param>
public sealed record Hdf5FloatFormat(
    int SignBit, int ExponentBit, int ExponentBits, int MantissaBit, int MantissaBits, long Bias, bool ImpliedBit);

/// <summary>A member of a compound type.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Offset">Its first byte.</param>
/// <param name="Type">Its type.</param>
public sealed record Hdf5Member(string Name, int Offset, Hdf5Type Type);

/// <summary>A datatype as the file stores it (IV.A.2.d).</summary>
public sealed class Hdf5Type
{
    internal Hdf5Type(Hdf5TypeClass typeClass, int size) => (Class, Size) = (typeClass, size);

    /// <summary>What kind of type it is.</summary>
    public Hdf5TypeClass Class { get; }

    /// <summary>Bytes of an element in the file; for a text or sequence of variable length those of the reference to it.</summary>
    public int Size { get; }

    /// <summary>The order of the bytes of a number.</summary>
    public Hdf5ByteOrder ByteOrder { get; internal init; } = Hdf5ByteOrder.None;

    /// <summary>Whether an integer has a sign.</summary>
    public bool IsSigned { get; internal init; }

    /// <summary>The lowest bit of a number that counts.</summary>
    public int BitOffset { get; internal init; }

    /// <summary>How many bits of a number count.</summary>
    public int Precision { get; internal init; }

    /// <summary>The parts of a floating-point number; null for other types.</summary>
    public Hdf5FloatFormat? Float { get; internal init; }

    /// <summary>Whether a text has variable length.</summary>
    public bool IsVariableLength { get; internal init; }

    /// <summary>What fills a fixed text.</summary>
    public Hdf5StringPadding Padding { get; internal init; }

    /// <summary>Whether a text is said to be UTF-8, not ASCII.</summary>
    public bool IsUtf8 { get; internal init; }

    /// <summary>The description of an opaque type.</summary>
    public string Tag { get; internal init; } = "";

    /// <summary>What a reference leads to.</summary>
    public Hdf5ReferenceKind ReferenceKind { get; internal init; }

    /// <summary>The members of a compound type, in the order of the file.</summary>
    public IReadOnlyList<Hdf5Member> Members { get; internal init; } = [];

    /// <summary>The names of an enumeration with their values; an unsigned value of 64 bits is kept as the long of the same bits.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> EnumMembers { get; internal init; } = [];

    /// <summary>The dimensions of an array type.</summary>
    public IReadOnlyList<int> Dimensions { get; internal init; } = [];

    /// <summary>The type of the elements of a sequence or array, of the numbers behind an enumeration, or of a complex number's parts.</summary>
    public Hdf5Type? Base { get; internal init; }

    /// <summary>Whether the type is an object of its own in the file.</summary>
    public bool IsCommitted { get; internal init; }

    /// <summary>Whether it is a floating-point number.</summary>
    public bool IsFloat => Class == Hdf5TypeClass.Float;

    /// <summary>Whether it is an integer.</summary>
    public bool IsInteger => Class == Hdf5TypeClass.Integer;

    /// <summary>Whether it is text.</summary>
    public bool IsString => Class == Hdf5TypeClass.String;

    /// <summary>Whether it is h5py's bool: an enumeration of one byte with FALSE = 0 and TRUE = 1.</summary>
    public bool IsBool => Class == Hdf5TypeClass.Enum && Size == 1 && EnumMembers.Count == 2
        && EnumMembers.Contains(new("FALSE", 0)) && EnumMembers.Contains(new("TRUE", 1));

    /// <summary>Whether it is an IEEE 754 number of 2, 4 or 8 bytes.</summary>
    public bool IsIeee => Float is not null && BitOffset == 0 && ByteOrder != Hdf5ByteOrder.Vax && (Size, Float) is
        (2, { SignBit: 15, ExponentBit: 10, ExponentBits: 5, MantissaBit: 0, MantissaBits: 10, Bias: 15, ImpliedBit: true }) or
        (4, { SignBit: 31, ExponentBit: 23, ExponentBits: 8, MantissaBit: 0, MantissaBits: 23, Bias: 127, ImpliedBit: true }) or
        (8, { SignBit: 63, ExponentBit: 52, ExponentBits: 11, MantissaBit: 0, MantissaBits: 52, Bias: 1023, ImpliedBit: true });

    /// <summary>Whether it is bfloat16 stored as a floating-point number.</summary>
    public bool IsBFloat16 => Size == 2 && Float is
        { SignBit: 15, ExponentBit: 7, ExponentBits: 8, MantissaBit: 0, MantissaBits: 7, Bias: 127, ImpliedBit: true };

    /// <summary>Whether an integer or set of bits fills 1, 2, 4 or 8 bytes wholly.</summary>
    internal bool IsWholeInteger => Size is 1 or 2 or 4 or 8 && BitOffset == 0 && Precision == 8 * Size
        && ByteOrder is Hdf5ByteOrder.LittleEndian or Hdf5ByteOrder.BigEndian;

    /// <summary>Whether elements refer to the global heap.</summary>
    internal bool HasVariableLength => IsVariableLength || Class switch
    {
        Hdf5TypeClass.Sequence => true,
        Hdf5TypeClass.Compound => Members.Any(m => m.Type.HasVariableLength),
        Hdf5TypeClass.Array => Base!.HasVariableLength,
        _ => false,
    };

    /// <summary>A short name for messages: <c>float32</c>, <c>string[6]</c>, <c>compound of 3 members</c>.</summary>
    public override string ToString() => Class switch
    {
        Hdf5TypeClass.Integer => $"{(IsSigned ? "int" : "uint")}{Precision}{Order}",
        Hdf5TypeClass.Float when IsBFloat16 => $"bfloat16{Order}",
        Hdf5TypeClass.Float => $"float{Precision}{(IsIeee ? "" : " of its own format")}{Order}",
        Hdf5TypeClass.BitField => $"bits{Precision}{Order}",
        Hdf5TypeClass.String => IsVariableLength ? "string" : $"string[{Size}]",
        Hdf5TypeClass.Opaque => $"opaque[{Size}]",
        Hdf5TypeClass.Compound => $"compound of {Members.Count} members",
        Hdf5TypeClass.Reference => $"reference to {(ReferenceKind is Hdf5ReferenceKind.Region ? "a region" : "an object")}",
        Hdf5TypeClass.Enum => IsBool ? "bool" : $"enumeration of {Base}",
        Hdf5TypeClass.Sequence => $"sequence of {Base}",
        Hdf5TypeClass.Array => $"array [{string.Join(", ", Dimensions)}] of {Base}",
        Hdf5TypeClass.Complex => $"complex of {Base}",
        _ => Class.ToString(),
    };

    private string Order => ByteOrder switch { Hdf5ByteOrder.BigEndian when Size > 1 => " big-endian", Hdf5ByteOrder.Vax => " VAX", _ => "" };

    internal Hdf5Type AsCommitted() => new(Class, Size)
    {
        ByteOrder = ByteOrder, IsSigned = IsSigned, BitOffset = BitOffset, Precision = Precision, Float = Float,
        IsVariableLength = IsVariableLength, Padding = Padding, IsUtf8 = IsUtf8, Tag = Tag, ReferenceKind = ReferenceKind,
        Members = Members, EnumMembers = EnumMembers, Dimensions = Dimensions, Base = Base, IsCommitted = true,
    };
}
