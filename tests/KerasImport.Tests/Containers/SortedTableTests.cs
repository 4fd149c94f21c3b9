using System.Text;
using KerasCompat.Testing;

namespace KerasCompat.Containers.Tests;

/// <summary>LevelDB's tables, Snappy's blocks and Castagnoli's checksum.</summary>
public class SortedTableTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(7, false)]
    [InlineData(7, true)]
    [InlineData(1000, true)]
    public void Every_entry_is_found_whatever_the_blocks(int entriesOfBlock, bool isPacked)
    {
        (string Key, byte[] Value)[] entries = [.. Enumerable.Range(0, 100).Select(i => ($"layer-{i}/{new string('k', i % 7)}", Encoding.ASCII.GetBytes($"value {i}"))), (string.Empty, [])];
        IReadOnlyDictionary<string, byte[]> read = SortedTable.Read(TensorFlowBytes.Table(entries, entriesOfBlock, isPacked), "t", ReadLimits.Default);
        Assert.Equal(entries.Length, read.Count);
        Assert.All(entries, entry => Assert.Equal(entry.Value, read[entry.Key]));
    }

    [Fact]
    public void A_table_that_TensorFlow_wrote_is_read()
    {
        byte[] file = File.ReadAllBytes(Path.Combine(Fixtures.Root, "savedmodel", "keras2-dense", "variables", "variables.index"));
        Assert.Equal(
            ["", "_CHECKPOINTABLE_OBJECT_GRAPH", .. new[] { 0, 1 }.SelectMany(i => new[] { "bias", "kernel" }.Select(name => $"layer_with_weights-{i}/{name}/.ATTRIBUTES/VARIABLE_VALUE"))],
            SortedTable.Read(file, "t", ReadLimits.Default).Keys);
    }

    [Fact]
    public void Every_damaged_bit_is_noticed_or_harmless()
    {
        byte[] file = TensorFlowBytes.Table([("a", [1, 2, 3]), ("ab", [4]), ("b", [])], 2);
        for (int bit = 0; bit < file.Length * 8; bit++)
        {
            byte[] damaged = [.. file];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                // Between the places of the blocks and the mark at the end lie zeros that mean nothing, before them a block that does not.
                Assert.Equal([[1, 2, 3], [4], []], SortedTable.Read(damaged, "t", ReadLimits.Default).OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => e.Value));
            }
            catch (ModelFormatException)
            {
            }
        }
    }

    [Fact]
    public void Keys_that_do_not_ascend_are_refused()
    {
        // One block listed twice gives its keys twice.
        byte[] table = TensorFlowBytes.Table([("a", [1])]);
        byte[] twice = TensorFlowBytes.Table([("a", [0, 16]), ("b", [0, 16])]);
        byte[] block = [0, 1, 1, (byte)'a', 7, 0, 0, 0, 0, 1, 0, 0, 0, 0];
        Assert.Single(SortedTable.Read(table, "t", ReadLimits.Default));
        byte[] file = [.. block, .. BitConverter.GetBytes(TensorFlowBytes.Checksum(block))];
        byte[] list = [0, 1, 2, (byte)'a', 0, 13, 0, 1, 2, (byte)'b', 0, 13, 0, 0, 0, 0, 1, 0, 0, 0, 0];
        byte[] handle = [0, 13, (byte)file.Length, (byte)(list.Length - 1)];
        byte[] whole = [.. file, .. list, .. BitConverter.GetBytes(TensorFlowBytes.Checksum(list)), .. handle, .. new byte[40 - handle.Length], .. twice[^8..]];
        Assert.Contains("keys that do not ascend", Assert.Throws<ModelFormatException>(() => SortedTable.Read(whole, "t", ReadLimits.Default)).Message);
    }

    [Fact]
    public void Entries_and_the_bytes_of_keys_are_counted()
    {
        // Keys of a kilobyte that differ in their last byte: a few bytes each in the file.
        byte[] table = TensorFlowBytes.Table(Enumerable.Range(0, 60).Select(i => (new string('k', 1000) + (char)(32 + i), Array.Empty<byte>())));
        Assert.True(table.Length < 3000);
        Assert.Throws<ResourceLimitException>(() => SortedTable.Read(table, "t", new ReadLimits { MaxMetadataBytes = 50_000 }));
        Assert.Throws<ResourceLimitException>(() => SortedTable.Read(table, "t", new ReadLimits { MaxObjects = 59 }));
        Assert.Equal(60, SortedTable.Read(table, "t", new ReadLimits { MaxObjects = 60 }).Count);
    }

    [Theory]
    [InlineData("", "00")]
    [InlineData("abc", "03 08 616263")]
    [InlineData("abababab", "08 04 6162 09 02")] // 2 as they are, 6 from 2 before: the copy overlaps what it writes
    [InlineData("abcabc", "06 08 616263 0A 0300")]
    [InlineData("abcabc", "06 08 616263 0B 03000000")]
    [InlineData("abc", "03 F0 02 616263")] // a length in a byte of its own
    [InlineData("abc", "03 F4 0200 616263")]
    public void Snappy_is_unpacked(string text, string packed) =>
        Assert.Equal(text, Encoding.ASCII.GetString(SnappyBlock.Unpack(Convert.FromHexString(packed.Replace(" ", string.Empty, StringComparison.Ordinal)), "t")));

    [Theory]
    [InlineData("")]
    [InlineData("FF")]
    [InlineData("03 08 6162")] // ends within a piece
    [InlineData("02 08 616263")] // more than it says
    [InlineData("04 08 616263")] // less than it says
    [InlineData("08 04 6162 09 03")] // a copy from before the beginning
    [InlineData("08 04 6162 09 00")] // a copy of what is not yet there
    [InlineData("08 04 6162 09")]
    [InlineData("FFFFFFFF0F 00 61")] // 4 GB out of a few bytes
    [InlineData("03 FC FFFFFFFF 616263")]
    [InlineData("FFFFFFFFFFFFFFFFFFFF7F")]
    public void A_damaged_block_of_Snappy_is_refused(string packed) =>
        Assert.Throws<ModelFormatException>(() => SnappyBlock.Unpack(Convert.FromHexString(packed.Replace(" ", string.Empty, StringComparison.Ordinal)), "t"));

    [Fact]
    public void The_checksum_is_that_of_the_standard()
    {
        // RFC 3720, B.4; masking as TensorFlow's crc32c.h has it.
        Assert.Equal(MaskedCrc32C.Mask(0x8A9136AA), MaskedCrc32C.Of(new byte[32]));
        Assert.Equal(MaskedCrc32C.Mask(0x46DD794E), MaskedCrc32C.Of([.. Enumerable.Range(0, 32).Select(i => (byte)i)]));
        Assert.Equal(0xA282EAD8, MaskedCrc32C.Mask(0));
        for (int length = 0; length < 40; length++)
        {
            byte[] bytes = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 37))];
            Assert.Equal(TensorFlowBytes.Checksum(bytes), MaskedCrc32C.Of(bytes));
            Assert.Equal(MaskedCrc32C.Of(bytes), MaskedCrc32C.Mask(MaskedCrc32C.Extend(MaskedCrc32C.Extend(0, bytes.AsSpan(0, length / 3)), bytes.AsSpan(length / 3))));
        }
    }
}
