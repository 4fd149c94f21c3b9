namespace KerasCompat.Hdf5.Tests;

/// <summary>The nbit filter on types that are made of others, by bits written down here, and parameters that make no sense.</summary>
public sealed class NBitTests : IDisposable
{
    /// <summary>Kinds of types in the filter's parameters.</summary>
    private const uint Atomic = 1, Array = 2, Compound = 3, Plain = 4;

    private readonly Hdf5File _file = Hdf5File.Open(Fixtures.PathOf("hdf5", "nbit.h5"));

    public void Dispose() => _file.Dispose();

    /// <summary>A record of a number of 5 bits from bit 3 on, big-endian, an array of two numbers of 4 bits, and a byte as it is; two elements.</summary>
    [Fact]
    public void Records_and_arrays_are_unpacked_member_by_member()
    {
        uint[] type =
        [
            Compound, 6, 3,
            0, Atomic, 2, 1, 5, 3,
            2, Array, 2, Atomic, 1, 0, 4, 0,
            4, Plain, 1,
        ];

        // 5 + 4 + 4 + 8 bits an element, the highest first: 10110 0001 0010 11111111, 00001 1111 0000 00000001.
        byte[] packed = [0b1011_0000, 0b1001_0111, 0b1111_1000, 0b0111_1100, 0b0000_0000, 0b0100_0000];
        Assert.Equal([0, 0b1011_0000, 1, 2, 0xFF, 0, 0, 0b0000_1000, 15, 0, 1, 0], Decode(packed, 12, count: 2, type));
    }

    [Fact]
    public void What_was_not_packed_is_taken_as_it_is() =>
        Assert.Equal([1, 2, 3], NBitFilter.Decode([1, 2, 3], [4, 1, 3, Plain], 3, Place).ToArray());

    [Theory]
    [InlineData("number of parameters", 9u, 0u, 1u, Plain, 1u)]
    [InlineData("parameters that end too soon", 5u, 0u, 1u, Atomic, 2u)]
    [InlineData("a kind that is none", 5u, 0u, 1u, 7u, 1u)]
    [InlineData("no bytes", 5u, 0u, 1u, Plain, 0u)]
    [InlineData("another size than the chunk's", 5u, 0u, 1u, Plain, 2u)]
    [InlineData("more bits than bytes", 8u, 0u, 1u, Atomic, 1u, 0u, 9u, 0u)]
    [InlineData("bits beyond the end", 8u, 0u, 1u, Atomic, 1u, 0u, 4u, 5u)]
    [InlineData("an order that is none", 8u, 0u, 1u, Atomic, 1u, 2u, 4u, 0u)]
    [InlineData("a member outside its record", 9u, 0u, 1u, Compound, 1u, 1u, 1u, Plain, 1u)]
    [InlineData("a member larger than its record", 9u, 0u, 1u, Compound, 1u, 1u, 0u, Plain, 2u)]
    public void Parameters_that_make_no_sense_are_refused(string why, params uint[] parameters)
    {
        Assert.NotEmpty(why);
        Assert.Throws<ModelFormatException>(() => NBitFilter.Decode(new byte[8], parameters, 1, Place));
    }

    [Fact]
    public void Bits_that_are_missing_are_told() =>
        Assert.Throws<ModelFormatException>(() => Decode([0xFF], 4, count: 2, Atomic, 2, 0, 9, 0));

    [Fact]
    public void Types_nest_no_deeper_than_the_limit()
    {
        var limits = new ReadLimits { MaxDepth = 10 };
        uint[] nested = [.. Enumerable.Repeat((uint[])[Array, 1], 20).SelectMany(p => p), Plain, 1];
        using Hdf5File file = Hdf5File.Open(Fixtures.PathOf("hdf5", "nbit.h5"), limits);
        Assert.Throws<ResourceLimitException>(() => NBitFilter.Decode([1], [(uint)nested.Length + 3, 0, 1, .. nested], 1, file.Root.Place));
        Assert.Equal([1], NBitFilter.Decode([1], [(uint)nested.Length + 3, 0, 1, .. nested], 1, Place).ToArray());
    }

    private Place Place => _file.Root.Place;

    private byte[] Decode(byte[] packed, int size, uint count, params uint[] type) =>
        NBitFilter.Decode(packed, [(uint)type.Length + 3, 0, count, .. type], size, Place).ToArray();
}
