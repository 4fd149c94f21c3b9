using System.Text;
using KerasCompat.Testing;

namespace KerasCompat.Hdf5.Tests;

/// <summary>The reader's public face: what a caller sees beyond the values themselves.</summary>
public sealed class ReaderTests
{
    private static Hdf5File Open(string name, ReadLimits? limits = null) => Hdf5File.Open(Fixtures.PathOf("hdf5", name + ".h5"), limits);

    [Fact]
    public void Missing_name_is_reported_with_its_place_and_the_names_there_are()
    {
        using var file = Open("keras-tree-libver-earliest");
        var error = Assert.Throws<ModelFormatException>(() => ((Hdf5Group)file.Root["model_weights"])["nobody"]);
        Assert.StartsWith("keras-tree-libver-earliest.h5:/model_weights: found no \"nobody\"; expected one of ", error.Message);
        Assert.Contains("\"dropout\"", error.Message);
        Assert.False(file.Root.TryGet("model_weights/nobody/at/all", out _));
    }

    [Fact]
    public void Paths_are_relative_absolute_and_may_hold_dots_and_empty_parts()
    {
        using var file = Open("links-latest");
        var group = (Hdf5Group)file.Root["a"];
        Assert.Equal("/a/x", group["x"].Path);
        Assert.Equal(group["x"].Address, group["/a//./x/"].Address);
        Assert.Equal(group.Address, ((Hdf5Group)group["loop"])["loop/loop"].Address);
        Assert.Equal("/", file.Root["/"].Path);
        Assert.False(file.Root.TryGet("a/x/below a dataset", out _));
    }

    [Theory]
    [InlineData("links-earliest")]
    [InlineData("links-latest")]
    public void Soft_links_are_followed_and_circles_end(string name)
    {
        using var file = Open(name);
        Assert.Equal(file.Root["a/x"].Address, file.Root["soft"].Address);
        Assert.Equal(file.Root["a/x"].Address, file.Root["chain"].Address);
        Assert.False(file.Root.TryGet("dangling", out _));
        Assert.Contains("circle", Assert.Throws<ModelFormatException>(() => file.Root["round"]).Message);
    }

    [Theory]
    [InlineData("links-earliest")]
    [InlineData("links-latest")]
    public void External_links_are_listed_and_refused_by_name(string name)
    {
        using var file = Open(name);
        var link = file.Root.Links.Single(l => l.Name == "outside");
        Assert.Equal((Hdf5LinkKind.External, name + "-target.bin", "/y"), (link.Kind, link.TargetFile, link.TargetPath));
        var error = Assert.Throws<UnsupportedModelException>(() => file.Root["outside"]);
        Assert.Contains(name + "-target.bin", error.Message);
        Assert.Contains($"{name}.h5:/outside", error.Message);
    }

    [Fact]
    public void Contiguous_data_is_viewed_without_a_copy()
    {
        using var file = Open("layouts-earliest");
        var dataset = (Hdf5Dataset)file.Root["contiguous"];
        if (dataset.Type.ByteOrder == Hdf5ByteOrder.LittleEndian)
        {
            Assert.True(dataset.TryGetContiguous(out var view));
            Assert.Equal(dataset.ReadBytes(), view.ToArray());
        }

        foreach (var name in new[] { "compact", "fill chunked", "never written", "null", "zero" })
        {
            Assert.False(((Hdf5Dataset)file.Root[name]).TryGetContiguous(out _), name);
        }
    }

    [Fact]
    public void View_is_refused_for_big_endian_data_and_for_streams_and_after_closing()
    {
        ReadOnlyMemory<byte> view;
        using (var file = Open("odd-numbers"))
        {
            Assert.False(((Hdf5Dataset)file.Root["STD_B16BE"]).TryGetContiguous(out _));
            Assert.True(((Hdf5Dataset)file.Root["STD_B32LE"]).TryGetContiguous(out view));
        }

        Assert.Throws<ObjectDisposedException>(() => view.Span[0]);
        using var streamed = Hdf5File.Open(File.OpenRead(Fixtures.PathOf("hdf5", "numbers-latest.h5")), "numbers");
        Assert.False(((Hdf5Dataset)streamed.Root["<f4"]).TryGetContiguous(out _));
    }

    [Fact]
    public void Contiguous_data_goes_straight_into_the_callers_memory()
    {
        using var file = Open("deep-groups-earliest");
        var path = string.Concat(Enumerable.Range(0, 100).Select(i => $"g{i % 7}/")) + "x";
        var dataset = (Hdf5Dataset)file.Root[path];
        var bytes = new byte[16];
        dataset.ReadBytes(bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        dataset.ReadBytes(bytes);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(dataset.Read<float>(), System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes).ToArray());
        Assert.Throws<ArgumentException>(() => dataset.ReadBytes(new byte[15]));
    }

    [Fact]
    public void Numbers_are_read_only_as_what_they_are_in_either_byte_order()
    {
        using var file = Open("numbers-earliest");
        var dataset = (Hdf5Dataset)file.Root["<f8"];
        var doubles = dataset.Read<double>();
        Assert.Equal([double.MinValue, double.MaxValue, 0, 1, double.NaN, double.PositiveInfinity, double.NegativeInfinity], doubles[..7]);
        Assert.Contains("float64", Assert.Throws<ModelFormatException>(() => dataset.Read<float>()).Message);
        Assert.Throws<ModelFormatException>(() => dataset.Read<long>());
        Assert.Throws<ModelFormatException>(dataset.ReadStrings);
        Assert.Equal(Half.MaxValue, ((Hdf5Dataset)file.Root["<f2"]).Read<Half>()[1]);
        Assert.Equal([ulong.MinValue, ulong.MaxValue], ((Hdf5Dataset)file.Root["<u8"]).Read<ulong>()[..2]);
        Assert.Equal([short.MinValue, short.MaxValue], ((Hdf5Dataset)file.Root["<i2"]).Read<short>()[..2]);

        using var odd = Open("odd-numbers");
        Assert.Equal([(ushort)0, (ushort)1, (ushort)200], ((Hdf5Dataset)odd.Root["STD_B16BE"]).Read<ushort>());
        Assert.Equal([0ul, 1ul, 200ul], ((Hdf5Dataset)odd.Root["STD_B64BE"]).Read<ulong>());
        Assert.Throws<ModelFormatException>(() => ((Hdf5Dataset)odd.Root["10 bits at 3"]).Read<ushort>());
    }

    [Fact]
    public void Attributes_give_texts_and_bools()
    {
        using var file = Open("attribute-kinds-earliest");
        var attributes = file.Root.Attributes;
        Assert.Equal("ascii", attributes["bytes"].ReadString());
        Assert.Equal("text \u00e9\u4e16\U0001f600", attributes["str"].ReadString());
        Assert.Equal(["a", "bcd", ""], attributes["list of bytes"].ReadStrings());
        Assert.Equal(["ab", "c"], attributes["fixed"].ReadStrings());
        Assert.Equal([true, false], attributes["bools"].Read<bool>());
        Assert.Equal([(short)1, (short)2], attributes["big endian"].Read<short>());
        Assert.True(attributes["null"].IsNull);
        Assert.Empty(attributes["null"].Read<float>());
        Assert.Throws<ModelFormatException>(() => attributes["list of str"].ReadString());
        Assert.Contains("@int", Assert.Throws<ModelFormatException>(() => attributes["int"].ReadString()).Message);
    }

    [Fact]
    public void Text_that_is_no_utf8_is_an_error_and_its_bytes_can_be_had()
    {
        using var file = Open("strings-earliest");
        var dataset = (Hdf5Dataset)file.Root["not utf8"];
        Assert.Throws<ModelFormatException>(dataset.ReadStrings);
        Assert.Equal([0xFF, 0xFE], ((Hdf5TextValue)dataset.ReadValue()).Items[0]);
    }

    [Theory]
    [InlineData("keras-tree-libver-earliest", true)]
    [InlineData("userblock-2048", true)]
    public void Signature_is_found_and_the_position_stays(string name, bool expected)
    {
        using var stream = File.OpenRead(Fixtures.PathOf("hdf5", name + ".h5"));
        stream.Position = 7;
        Assert.Equal(expected, Hdf5File.HasSignature(stream));
        Assert.Equal(7, stream.Position);
    }

    [Fact]
    public void What_is_no_hdf5_is_said_so()
    {
        Assert.False(Hdf5File.HasSignature(new MemoryStream()));
        Assert.False(Hdf5File.HasSignature(new MemoryStream(new byte[5000])));
        var error = Assert.Throws<ModelFormatException>(() => Hdf5File.Open(new MemoryStream(Encoding.ASCII.GetBytes("PK")), "model.h5"));
        Assert.StartsWith("model.h5: found no HDF5 signature", error.Message);
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("empty.h5"), []);
        Assert.Throws<ModelFormatException>(() => Hdf5File.Open(folder.File("empty.h5")));
    }

    [Fact]
    public void Stream_is_closed_with_the_file_unless_it_is_to_stay_open()
    {
        var path = Fixtures.PathOf("hdf5", "numbers-latest.h5");
        using var stays = File.OpenRead(path);
        Hdf5File.Open(stays, "stays", leaveOpen: true).Dispose();
        Assert.True(stays.CanRead);
        var closes = File.OpenRead(path);
        Hdf5File.Open(closes, "closes").Dispose();
        Assert.False(closes.CanRead);
    }

    [Fact]
    public void Every_limit_is_kept()
    {
        static string Exceed(string name, string path, ReadLimits limits)
        {
            using var file = Open(name, limits);
            return Assert.Throws<ResourceLimitException>(() => ((Hdf5Dataset)file.Root[path]).ReadBytes()).Message;
        }

        var all = ReadLimits.Default;
        Assert.Contains("MaxArrayBytes", Exceed("layouts-latest", "fill", all with { MaxArrayBytes = 23 }));
        Assert.Contains("MaxTotalBytes", Exceed("layouts-latest", "fill", all with { MaxTotalBytes = 23 }));
        Assert.Contains("MaxDepth", Exceed("deep-groups-latest", "g0/g1/g2/g3", all with { MaxDepth = 3 }));
        Assert.Contains("MaxObjects", Exceed("old-group-120", "many/x", all with { MaxObjects = 100 }));
        Assert.Contains("MaxMetadataBytes", Exceed("new-group-400", "many/x", all with { MaxMetadataBytes = 4096 }));
    }

    [Fact]
    public void Small_streams_do_not_become_large_arrays()
    {
        using var file = Hdf5File.Open(Fixtures.PathOf("hdf5-bad", "bombs.h5"));
        var first = (Hdf5Dataset)file.Root["inflates to 16 MiB, chunk of 64 bytes"];
        Assert.Equal(new int[16], first.Read<int>());
        foreach (var name in new[] { "1 TiB of zeros, one chunk of 32 MiB stored", "1 EiB never written" })
        {
            var dataset = (Hdf5Dataset)file.Root[name];
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Throws<ResourceLimitException>(() => dataset.ReadBytes());
            Assert.Throws<ResourceLimitException>(() => dataset.ReadValue());
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        }
    }

    [Fact]
    public void Optional_unknown_filter_is_no_matter_where_chunks_skip_it()
    {
        using var file = Open("unknown-filter");
        Assert.Equal([0, 1, 2, 3], ((Hdf5Dataset)file.Root["y"]).Read<int>());
        Assert.Contains("32001", Assert.Throws<UnsupportedModelException>(() => ((Hdf5Dataset)file.Root["x"]).Read<int>()).Message);
    }

    [Fact]
    public void Many_threads_read_one_file()
    {
        foreach (var mapped in new[] { true, false })
        {
            var path = Fixtures.PathOf("hdf5", "filters-latest.h5");
            using var file = mapped ? Hdf5File.Open(path) : Hdf5File.Open(File.OpenRead(path), "filters");
            var names = file.Root.Names;
            var expected = names.Select(n => ((Hdf5Dataset)file.Root[n]).ReadBytes()).ToArray();
            using var fresh = mapped ? Hdf5File.Open(path) : Hdf5File.Open(File.OpenRead(path), "filters");
            Parallel.For(0, 4 * names.Count, i =>
            {
                var n = i % names.Count;
                Assert.Equal(expected[n], ((Hdf5Dataset)fresh.Root[names[n]]).ReadBytes());
            });
        }
    }
}
