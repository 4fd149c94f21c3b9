using System.Text;
using KerasCompat.Runtime;
using KerasCompat.Testing;
using KerasCompat.Verification;

namespace KerasCompat.KerasImport.Tests.Verification;

/// <summary>Files that are no vectors, or whose manifest says what cannot be.</summary>
public class VectorsFileTests
{
    [Theory]
    [InlineData("""{"keras": "3.15.1", "weights": [["k", [2, 2]]], "output": [1, 2]}""", "no calls (format not said)")]
    [InlineData("""{"format": "hdf5-description/1"}""", "format hdf5-description/1")]
    [InlineData("""{"calls": {}}""", "manifest")]
    [InlineData("""{"calls": [3]}""", "manifest")]
    [InlineData("""{"calls": [{"inputs": [{"array": []}]}]}""", "manifest")]
    [InlineData("""{"calls": [{"layers": [{"node": "first"}]}]}""", "manifest")]
    [InlineData("""{"calls": [{"layers": [{"node": 99999999999}]}]}""", "manifest")]
    [InlineData("""{"calls": [{"layer_stats": [{"sample": [[1]]}]}]}""", "manifest")]
    [InlineData("""{"calls": [{"layer_stats": [{"sample": [1]}]}]}""", "manifest")]
    [InlineData("""{"calls": [], "weights": [["k"]]}""", "manifest")]
    [InlineData("""[]""", "manifest")]
    [InlineData("""{"calls": """, "manifest")]
    public void What_is_no_manifest_is_refused(string manifest, string text)
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = Encoding.UTF8.GetBytes(manifest);
        Npz.Write(folder.File("vectors.npz"), [KeyValuePair.Create("manifest", (Tensor)Tensor.From(bytes, bytes.Length))]);
        Assert.Contains(text, Assert.Throws<ModelFormatException>(() => VectorsFile.Open(folder.File("vectors.npz"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_array_that_is_not_there_is_named()
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = "{\"calls\": [{\"inputs\": [{\"array\": \"call0/in0\"}]}]}"u8.ToArray();
        Npz.Write(folder.File("vectors.npz"), [KeyValuePair.Create("manifest", (Tensor)Tensor.From(bytes, bytes.Length))]);
        using VectorsFile vectors = VectorsFile.Open(folder.File("vectors.npz"));
        Assert.Contains("vectors.npz:call0/in0: found no such array", Assert.Throws<ModelFormatException>(() => vectors.Calls[0].Inputs[0].Read()).Message, StringComparison.Ordinal);
    }

    /// <summary>The vectors of an architecture lack calls: they are made by a formula.</summary>
    [Fact]
    public void Vectors_of_another_form_are_refused() =>
        Assert.Throws<ModelFormatException>(() => VectorsFile.Open(Fixtures.Path("architectures", "char_gru.npz")));

    [Theory]
    [InlineData(0, 2)]
    [InlineData(2, 3)]
    [InlineData(int.MaxValue, 2)]
    public void Arrays_thinned_from_more_than_there_is_do_not_agree(int stride, int kept)
    {
        ArrayComparison comparison = ArrayComparison.Of("y", Tensor.Zeros(DType.Float32, new Shape(4)), Tensor.Zeros(DType.Float32, new Shape(kept)), Tolerance.Default, stride, [4]);
        Assert.False(comparison.Passes);
        Assert.Contains("4 elements", comparison.Mismatch!, StringComparison.Ordinal);
    }
}
