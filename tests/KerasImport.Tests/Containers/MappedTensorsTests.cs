using System.Text;
using KerasCompat.Runtime;
using KerasCompat.Testing;

namespace KerasCompat.Containers.Tests;

/// <summary>Tensors of a safetensors file opened by its path are pages of the file, those of a stream copies: the same bytes, whatever their type.</summary>
public sealed class MappedTensorsTests : IDisposable
{
    private static readonly (string Name, DType Type)[] Types =
    [
        ("F64", DType.Float64), ("I64", DType.Int64), ("U64", DType.UInt64), ("F32", DType.Float32), ("I32", DType.Int32), ("U32", DType.UInt32),
        ("F16", DType.Float16), ("BF16", DType.BFloat16), ("I16", DType.Int16), ("U16", DType.UInt16), ("I8", DType.Int8), ("U8", DType.UInt8), ("BOOL", DType.Bool),
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Stored => _folder.File("net.safetensors");

    /// <param name="padding">Letters that move the elements to a place that is, or is not, a multiple of their size.</param>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public void Every_type_comes_as_it_lies(int padding)
    {
        byte[] whole = Written(padding, out byte[] elements);
        File.WriteAllBytes(Stored, whole);
        using KerasFile mapped = KerasFileReader.Open(Stored), copied = KerasFileReader.Open(new MemoryStream(whole), "copied");
        int at = 0;
        foreach (((StoredArray page, StoredArray copy), (string name, DType type)) in mapped.Weights!.Arrays.Zip(copied.Weights!.Arrays).Zip(Types))
        {
            Tensor got = page.Read();
            Assert.Equal((type, new Shape(2)), (got.DType, got.Shape));
            Assert.Equal(elements.AsSpan(at, got.Bytes.Length), got.Bytes);
            Assert.Equal(copy.Read().Bytes, got.Bytes);
            at += got.Bytes.Length;
            Assert.NotEmpty(name);
        }

        Assert.Equal(elements.Length, at);
    }

    /// <summary>Written to, a page becomes a copy: the file stays as it is.</summary>
    [Fact]
    public void A_tensor_that_is_changed_leaves_its_file_alone()
    {
        byte[] whole = Written(0, out _);
        File.WriteAllBytes(Stored, whole);
        using KerasFile file = KerasFileReader.Open(Stored);
        file.Weights!.Arrays.First().Read().Bytes.Fill(0xAA);
        Assert.Equal(whole, File.ReadAllBytes(Stored));
    }

    private static byte[] Written(int padding, out byte[] elements)
    {
        var header = new StringBuilder($$"""{"__metadata__":{"keras_config":"{}","pad":"{{new string('x', padding)}}"}""");
        int at = 0;
        foreach ((string name, DType type) in Types)
        {
            header.Append($",\"{name}\":{{\"dtype\":\"{name}\",\"shape\":[2],\"data_offsets\":[{at},{at + (2 * type.Size())}]}}");
            at += 2 * type.Size();
        }

        header.Append('}');
        byte[] text = Encoding.ASCII.GetBytes(header.ToString());
        elements = [.. Enumerable.Range(0, at - 2).Select(i => (byte)(i * 7 + 1)), 1, 0];
        return [.. BitConverter.GetBytes((long)text.Length), .. text, .. elements];
    }
}
