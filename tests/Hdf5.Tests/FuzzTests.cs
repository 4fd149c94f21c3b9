using System.Diagnostics;

namespace KerasCompat.Hdf5.Tests;

/// <summary>Seeded byte flips over whole files: the only outcomes are values and this library's own exceptions.</summary>
public sealed class FuzzTests
{
    private const long MostBytes = 256L << 20;
    private const int Rounds = 60;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData("keras-tree-libver-earliest")]
    [InlineData("keras-tree-libver-latest")]
    [InlineData("attribute-kinds-earliest")]
    [InlineData("attribute-kinds-latest")]
    [InlineData("chunk-btree1-earliest")]
    [InlineData("chunk-index-btree2")]
    [InlineData("chunk-index-extensible")]
    [InlineData("chunk-index-fixed")]
    [InlineData("composite-types-latest")]
    [InlineData("dense-attributes-40")]
    [InlineData("filters-latest")]
    [InlineData("layouts-earliest")]
    [InlineData("nbit")]
    [InlineData("new-group-60")]
    [InlineData("old-group-120")]
    [InlineData("references-earliest")]
    [InlineData("scaleoffset")]
    [InlineData("shared-messages-list")]
    [InlineData("sizes-4-4")]
    [InlineData("strings-earliest")]
    public void Flipped_bytes_end_in_values_or_our_exceptions(string name)
    {
        var original = File.ReadAllBytes(Fixtures.PathOf("hdf5", name + ".h5"));
        var random = new Random(name.Aggregate(17, (seed, letter) => (seed * 31) + letter));
        byte[] extremes = [0, 1, 0x7F, 0x80, 0xFF];
        for (var round = 0; round < Rounds; round++)
        {
            var file = (byte[])original.Clone();
            for (var flips = random.Next(1, 9); flips > 0; flips--)
            {
                ref var b = ref file[random.Next(file.Length)];
                b = random.Next(2) == 0 ? (byte)(b ^ (1 << random.Next(8))) : extremes[random.Next(extremes.Length)];
            }

            var (before, clock) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.StartNew());
            var thrown = Record.Exception(() => Survey.Of(file, name));
            var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(thrown is null, $"round {round}: {thrown}");
            Assert.True(clock.Elapsed < Longest, $"round {round}: {clock.Elapsed}");
            Assert.True(bytes < MostBytes, $"round {round}: {bytes} bytes");
        }
    }
}
