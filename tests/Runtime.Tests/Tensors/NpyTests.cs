using System.Text;

namespace KerasCompat.Runtime.Tests;

public class NpyTests
{
    // Headers and payloads as numpy 1.24 writes them.
    public static TheoryData<string, string, object> Written => new()
    {
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "0000003f000080bf", Tensor.From([0.5f, -1f], 2) },
        { "{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }", "3f000000bf800000", Tensor.From([0.5f, -1f], 2) },
        { "{'descr': '>f8', 'fortran_order': False, 'shape': (1, 1), }", "bff0000000000000", Tensor.From([-1.0], 1, 1) },
        { "{'descr': '<f2', 'fortran_order': False, 'shape': (2,), }", "00380040", Tensor.From([(Half)0.5, (Half)2], 2) },
        { "{'descr': '>f2', 'fortran_order': False, 'shape': (2,), }", "38004000", Tensor.From([(Half)0.5, (Half)2], 2) },
        { "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }", "00000000000040400000803f000080400000004000" + "00a040", Tensor.From([0f, 1f, 2f, 3f, 4f, 5f], 2, 3) },
        { "{'descr': '|b1', 'fortran_order': False, 'shape': (3,), }", "010002", Tensor.From([true, false, true], 3) },
        { "{'descr': '|i1', 'fortran_order': False, 'shape': (2,), }", "ff02", Tensor.From([(sbyte)-1, (sbyte)2], 2) },
        { "{'descr': '|u1', 'fortran_order': False, 'shape': (1,), }", "ff", Tensor.From([(byte)255], 1) },
        { "{'descr': '<i2', 'fortran_order': False, 'shape': (1,), }", "feff", Tensor.From([(short)-2], 1) },
        { "{'descr': '>u2', 'fortran_order': False, 'shape': (2,), }", "0001ffff", Tensor.From([(ushort)1, ushort.MaxValue], 2) },
        { "{'descr': '<i4', 'fortran_order': False, 'shape': (1,), }", "feffffff", Tensor.From([-2], 1) },
        { "{'descr': '<u4', 'fortran_order': False, 'shape': (1,), }", "feffffff", Tensor.From([uint.MaxValue - 1], 1) },
        { "{'descr': '>i8', 'fortran_order': False, 'shape': (1,), }", "fffffffffffffffe", Tensor.From([-2L], 1) },
        { "{'descr': '<u8', 'fortran_order': False, 'shape': (1,), }", "ffffffffffffffff", Tensor.From([ulong.MaxValue], 1) },
        { "{'descr': '<f8', 'fortran_order': False, 'shape': (), }", "0000000000000c40", Tensor.Scalar(3.5) },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 0, 3), }", "", Tensor.From(Array.Empty<float>(), 2, 0, 3) },
        { "{'descr': '<U2', 'fortran_order': False, 'shape': (3,), }", "e4000000000000001ed1010078000000" + "0000000000000000", Tensor.From(["ä", "𝄞x", ""], 3) },
        { "{'descr': '>U2', 'fortran_order': False, 'shape': (2,), }", "00000068000000e90000006200000000", Tensor.From(["hé", "b"], 2) },
        { "{'descr': '|S3', 'fortran_order': False, 'shape': (2,), }", "616263640000", Tensor.From(["abc", "d"], 2) },
        { "{'descr': '<i8', 'fortran_order': False, 'shape': (2L,), }", "01000000000000000200000000000000", Tensor.From([1L, 2L], 2) },
    };

    [Theory]
    [MemberData(nameof(Written))]
    public void Reads_what_numpy_wrote(string header, string payload, object expected)
    {
        foreach (byte version in (byte[])[1, 2, 3])
        {
            Tensor tensor = Npy.Read(new MemoryStream(File(header, Convert.FromHexString(payload), version)), "a.npy");
            AssertEqual((Tensor)expected, tensor);
        }
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void Written_arrays_come_back(string header, string payload, object expected)
    {
        _ = header.Length + payload.Length;
        var stream = new MemoryStream();
        Npy.Write(stream, (Tensor)expected);
        stream.Position = 0;
        AssertEqual((Tensor)expected, Npy.Read(stream, "a.npy"));
        Assert.Equal(stream.Length, stream.Position);
    }

    [Fact]
    public void Header_is_numpys_to_the_byte()
    {
        var stream = new MemoryStream();
        Npy.Write(stream, Tensor.From([1f, 2f], 2));
        Assert.Equal(File("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", [0, 0, 128, 63, 0, 0, 0, 64], 1), stream.ToArray());
    }

    [Fact]
    public void Bfloat16_is_written_as_float32()
    {
        var stream = new MemoryStream();
        Npy.Write(stream, Tensor.From([(BFloat16)1.5f], 1));
        stream.Position = 0;
        AssertEqual(Tensor.From([1.5f], 1), Npy.Read(stream, "a.npy"));
    }

    [Theory]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "pickled")]
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", "complex")]
    [InlineData("{'descr': '<c16', 'fortran_order': False, 'shape': (1,), }", "complex")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "structured")]
    [InlineData("{'descr': '<M8[D]', 'fortran_order': False, 'shape': (1,), }", "dates")]
    [InlineData("{'descr': '<f16', 'fortran_order': False, 'shape': (1,), }", "long double")]
    [InlineData("{'descr': '|V2', 'fortran_order': False, 'shape': (1,), }", "bfloat16")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (5,), }", "fewer bytes")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "'-1")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, }", "without one of its keys")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), } x", "text after")]
    [InlineData("__import__('os')", "'__import__('os')'")]
    public void Refuses_by_name(string header, string named)
    {
        var error = Assert.Throws<ModelFormatException>(() => Npy.Read(new MemoryStream(File(header, new byte[16], 1)), "a.npy"));
        Assert.StartsWith("a.npy: ", error.Message);
        Assert.Contains(named, error.Message);
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 9223372036854775807), }")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1000, 1000), }")]
    [InlineData("{'descr': '<U0', 'fortran_order': False, 'shape': (2000000000,), }")]
    public void Limits_hold_before_memory_is_taken(string header)
    {
        ReadLimits limits = new() { MaxArrayBytes = 1 << 20 };
        Assert.Throws<ResourceLimitException>(() => Npy.Read(new MemoryStream(File(header, [], 1)), "a.npy", limits));
    }

    internal static void AssertEqual(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.DType, actual.DType);
        Assert.Equal(expected.Shape, actual.Shape);
        if (expected is Tensor<string> text)
        {
            Assert.Equal(text.ToArray(), actual.As<string>().ToArray());
        }
        else
        {
            Assert.Equal(expected.Bytes, actual.Bytes);
        }
    }

    /// <summary>A .npy file of numpy's layout: the header's end is a multiple of 64.</summary>
    private static byte[] File(string header, byte[] payload, byte version)
    {
        int fixedLength = version == 1 ? 10 : 12;
        int padded = ((fixedLength + header.Length + 1 + 63) / 64 * 64) - fixedLength;
        var text = header.PadRight(padded - 1) + "\n";
        byte[] length = version == 1 ? [(byte)padded, (byte)(padded >> 8)] : [(byte)padded, (byte)(padded >> 8), 0, 0];
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. Encoding.ASCII.GetBytes(text), .. payload];
    }
}
