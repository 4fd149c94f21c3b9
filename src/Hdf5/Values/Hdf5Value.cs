namespace KerasCompat.Hdf5;

/// <summary>The values of a dataset, an attribute or a part of their elements, whatever their type; elements in the order of the file.</summary>
public abstract class Hdf5Value
{
    private protected Hdf5Value()
    {
    }
}

/// <summary>The kinds of numbers.</summary>
public enum Hdf5NumberKind
{
    /// <summary>Integers with a sign.</summary>
    Signed,

    /// <summary>Integers without a sign, and sets of bits.</summary>
    Unsigned,

    /// <summary>IEEE 754 numbers.</summary>
    Float,
}

/// <summary>Numbers: integers, floats, sets of bits and enumerations. Formats no machine computes with have become the next larger
/// one that holds them; what holds more than a double was rounded to it.</summary>
public sealed class Hdf5NumberValue : Hdf5Value
{
    internal Hdf5NumberValue(Hdf5NumberKind kind, int elementSize, byte[] bytes) => (Kind, ElementSize, Bytes) = (kind, elementSize, bytes);

    /// <summary>What the numbers are.</summary>
    public Hdf5NumberKind Kind { get; }

    /// <summary>Bytes of a number: 1, 2, 4 or 8.</summary>
    public int ElementSize { get; }

    /// <summary>The numbers, little-endian.</summary>
    public byte[] Bytes { get; }
}

/// <summary>Texts.</summary>
public sealed class Hdf5TextValue : Hdf5Value
{
    private readonly Place place;

    internal Hdf5TextValue(byte[][] items, Place place) => (Items, this.place) = (items, place);

    /// <summary>The bytes of each text, without padding.</summary>
    public IReadOnlyList<byte[]> Items { get; }

    /// <summary>The texts.</summary>
    /// <exception cref="ModelFormatException">One of them is not UTF-8.</exception>
    public string[] Strings => [.. Items.Select(item => Text.Value(item, place))];
}

/// <summary>Bytes without a meaning.</summary>
public sealed class Hdf5OpaqueValue : Hdf5Value
{
    internal Hdf5OpaqueValue(int elementSize, byte[] bytes) => (ElementSize, Bytes) = (elementSize, bytes);

    /// <summary>Bytes of an element.</summary>
    public int ElementSize { get; }

    /// <summary>All of them.</summary>
    public byte[] Bytes { get; }
}

/// <summary>Compound elements, member by member; complex numbers have the members <c>r</c> and <c>i</c>.</summary>
public sealed class Hdf5CompoundValue : Hdf5Value
{
    internal Hdf5CompoundValue(IReadOnlyList<KeyValuePair<string, Hdf5Value>> fields) => Fields = fields;

    /// <summary>The names of the members with their values, in the order of the type.</summary>
    public IReadOnlyList<KeyValuePair<string, Hdf5Value>> Fields { get; }
}

/// <summary>Sequences of variable length.</summary>
public sealed class Hdf5SequenceValue : Hdf5Value
{
    internal Hdf5SequenceValue(long[] lengths, Hdf5Value items) => (Lengths, Items) = (lengths, items);

    /// <summary>How many items each sequence has.</summary>
    public IReadOnlyList<long> Lengths { get; }

    /// <summary>The items of all sequences in a row.</summary>
    public Hdf5Value Items { get; }
}

/// <summary>A part of a dataset.</summary>
/// <param name="IsPoints">Whether it is single elements and not blocks.</param>
/// <param name="Coordinates">For points the place of each; for blocks by turns the first and the last element of each.</param>
public sealed record Hdf5Region(bool IsPoints, IReadOnlyList<IReadOnlyList<long>> Coordinates);

/// <summary>References.</summary>
public sealed class Hdf5ReferenceValue : Hdf5Value
{
    internal Hdf5ReferenceValue(string[] targets, Hdf5Region?[]? regions) => (Targets, Regions) = (targets, regions);

    /// <summary>The paths of the objects; empty for a null reference and for an object that no link leads to.</summary>
    public IReadOnlyList<string> Targets { get; }

    /// <summary>For references to regions what they select, null where they are null; else null.</summary>
    public IReadOnlyList<Hdf5Region?>? Regions { get; }
}
