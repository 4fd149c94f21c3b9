using System.Globalization;
using System.Text;
using KerasCompat.Runtime;
using KerasCompat.Testing;

namespace KerasCompat.Containers.Tests;

/// <summary>TensorFlow.js layers models, laid out as tfjs-core's io/types.ts and io_utils.ts say.</summary>
public class TensorFlowJsTests
{
    private const string Topology = """{"keras_version": "2.15.0", "backend": "tensorflow", "model_config": {"class_name": "Sequential", "config": {"layers": []}}, "training_config": {"loss": "mse"}}""";

    [Fact]
    public void Weights_follow_each_other_over_shards_and_are_dequantized()
    {
        string manifest = """
            [{"paths": ["g1-1.bin", "g1-2.bin"], "weights": [
                {"name": "dense/kernel", "shape": [2, 2], "dtype": "float32"},
                {"name": "dense/bias", "shape": [3], "dtype": "float32", "quantization": {"dtype": "uint8", "min": -1.0, "scale": 0.5, "original_dtype": "float32"}},
                {"name": "lstm/lstm_cell/kernel", "shape": [1], "dtype": "float32", "quantization": {"dtype": "float16"}},
                {"name": "lstm/lstm_cell/bias", "shape": [2], "dtype": "int32", "quantization": {"dtype": "uint16", "min": 0, "scale": 1.5}}]},
             {"paths": ["g2.bin"], "weights": [
                {"name": "words", "shape": [2], "dtype": "string"},
                {"name": "flags/f", "shape": [2], "dtype": "bool"},
                {"name": "scalar/s", "shape": [], "dtype": "int32"}]}]
            """;
        byte[] first = [0, 0, 128, 63, 0, 0, 0, 64, 0, 0, 64, 64, 0, 0, 128, 64, 0, 2, 255, 0, 0x3E, 1, 0, 3, 0];
        byte[] second = [2, 0, 0, 0, .. "ab"u8, 0, 0, 0, 0, 1, 0, 0xFE, 0xFF, 0xFF, 0xFF];
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("g1-1.bin"), first[..6]);
        File.WriteAllBytes(folder.File("g1-2.bin"), first[6..]);
        File.WriteAllBytes(folder.File("g2.bin"), second);
        File.WriteAllText(folder.File("model.json"), Model(manifest));

        foreach (string path in new[] { folder.Path, folder.File("model.json") })
        {
            using KerasFile file = KerasFileReader.Open(path);
            Assert.Equal(ContainerKind.TensorFlowJs, file.Kind);
            Assert.Equal("2.15.0", file.KerasVersion);
            Assert.Equal("Sequential", (string)file.Config!["class_name"]!);
            Assert.Equal("mse", (string)file.TrainingConfig!["loss"]!);
            var weights = Assert.IsType<LayerWeights>(file.Weights);
            Assert.Equal(["dense", "lstm", "words", "flags", "scalar"], weights.Layers.Select(layer => layer.Name));
            Tensor[] arrays = [.. weights.Arrays.Select(array => array.Read())];
            Assert.Equal([1f, 2f, 3f, 4f], arrays[0].As<float>().ToArray());
            Assert.Equal(new Shape(2, 2), arrays[0].Shape);
            Assert.Equal([-1f, 0f, 126.5f], arrays[1].As<float>().ToArray());
            Assert.Equal([1.5f], arrays[2].As<float>().ToArray());
            Assert.Equal([2, 5], arrays[3].As<int>().ToArray());
            Assert.Equal(["ab", ""], arrays[4].As<string>().ToArray());
            Assert.Equal([true, false], arrays[5].As<bool>().ToArray());
            Assert.Equal([-2], arrays[6].As<int>().ToArray());
        }
    }

    [Fact]
    public void Names_of_a_converted_archive_are_paths()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("a.bin"), [1, 2, 3]);
        File.WriteAllText(folder.File("model.json"), Model("""
            [{"paths": ["a.bin"], "weights": [{"name": "layers/dense/vars/0", "shape": [2], "dtype": "uint8"}, {"name": "layers/dense/vars/1", "shape": [1], "dtype": "uint8"}]}]
            """));
        using KerasFile file = KerasFileReader.Open(folder.Path);
        var weights = Assert.IsType<PathWeights>(file.Weights);
        Assert.Equal([3], weights.Groups["layers/dense"].Arrays["1"].Read().As<byte>().ToArray());
    }

    [Theory]
    [InlineData("""[{"paths": ["a.bin"], "weights": [{"name": "d/k", "shape": [4], "dtype": "uint8"}]}]""", "3 bytes left in the shards; expected 4")]
    [InlineData("""[{"paths": ["b.bin"], "weights": []}]""", "no file b.bin beside the model")]
    [InlineData("""[{"paths": ["../a.bin"], "weights": []}]""", "expected a name relative to this file")]
    [InlineData("""[{"paths": ["a.bin"], "weights": [{"name": "d/k", "shape": [1], "dtype": "complex64"}]}]""", "dtype complex64")]
    [InlineData("""[{"paths": ["a.bin"], "weights": [{"name": "d/k", "shape": "x", "dtype": "int32"}]}]""", "shape: found the text \"x\"")]
    [InlineData("""[{"paths": ["a.bin"], "weights": [{"shape": [1], "dtype": "int32"}]}]""", "name: found nothing; expected text")]
    [InlineData("""[{"paths": ["a.bin"], "weights": [{"name": "d/k", "shape": [9999999999], "dtype": "int32"}]}]""", "(9999999999)")]
    [InlineData("""[{"paths": ["a.bin"], "weights": [{"name": "s", "shape": [5], "dtype": "string"}]}]""", "bytes left in the shards")]
    [InlineData("""[3]""", "weightsManifest[0]: found the number 3")]
    public void What_is_wrong_is_named(string manifest, string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("a.bin"), [1, 2, 3]);
        File.WriteAllText(folder.File("model.json"), Model(manifest));
        Assert.Contains(text, Assert.ThrowsAny<KerasCompatException>(() => KerasFileReader.Open(folder.Path)).Message);
    }

    [Fact]
    public void A_stream_is_not_enough_for_files_of_several_parts()
    {
        byte[] json = Encoding.UTF8.GetBytes(Model("""[{"paths": [], "weights": []}]"""));
        Assert.Contains("open it by its path", Assert.Throws<ModelFormatException>(() => KerasFileReader.Open(new MemoryStream(json), "model.json")).Message);
    }

    /// <summary>The converter goes through the groups of the <c>.h5</c> by the alphabet, and names a nested model's weights by its layers.</summary>
    [Theory]
    [InlineData("dense_10:10,1 dense_2:2,0", false)]
    [InlineData("dense_10:10,1 dense_2:2,0", true)]
    [InlineData("inner/dense_10:10,1 dense_2:2,0", true, "inner/dense_10")]
    public void Weights_are_found_by_the_names_of_layers(string stored, bool nested, string second = "dense_10")
    {
        string dense = $$"""{"class_name": "Dense", "config": {"name": "{{second}}", "units": 1, "activation": "linear", "use_bias": true} }""";
        string last = nested ? $$"""{"class_name": "Sequential", "config": {"name": "inner", "layers": [{"class_name": "InputLayer", "config": {"name": "i", "batch_input_shape": [null, 1], "dtype": "float32"} }, {{dense}}]} }""" : dense;
        using TemporaryFolder folder = Scalars(last, stored);
        using KerasModel model = KerasModel.Load(folder.Path);
        Assert.Equal([21f], model.Predict(Tensor.From(new float[] { 1 }, 1, 1)).As<float>().ToArray());
    }

    [Theory]
    [InlineData("dense_2:2,0", "weights of some layers only; expected weights for dense_10")]
    [InlineData("dense_2:2,0 dense_1_1:10,1", "weights that no layer asks for: dense_1_1/kernel, dense_1_1/bias; expected weights for dense_10")]
    public void Weights_and_layers_without_counterpart_are_named(string stored, string text)
    {
        using TemporaryFolder folder = Scalars("""{"class_name": "Dense", "config": {"name": "dense_10", "units": 1, "activation": "linear", "use_bias": true}}""", stored);
        Assert.Contains(text, Assert.Throws<ModelFormatException>(() => KerasModel.Load(folder.Path)).Message);
    }

    /// <summary>A model of <c>dense_2</c> and another layer, whose kernels and biases are single numbers: <c>name:kernel,bias …</c>.</summary>
    private static TemporaryFolder Scalars(string last, string stored)
    {
        string topology = $$"""
            {"keras_version": "2.15.0", "backend": "tensorflow", "model_config": {"class_name": "Sequential", "config": {"name": "s", "layers": [
                {"class_name": "InputLayer", "config": {"name": "x", "batch_input_shape": [null, 1], "dtype": "float32"} },
                {"class_name": "Dense", "config": {"name": "dense_2", "units": 1, "activation": "linear", "use_bias": true} }, {{last}}]} } }
            """;
        string[][] layers = [.. stored.Split(' ').Select(layer => layer.Split(':', ','))];
        string weights = string.Join(", ", layers.Select(l => $$"""{"name": "{{l[0]}}/kernel", "shape": [1, 1], "dtype": "float32"}, {"name": "{{l[0]}}/bias", "shape": [1], "dtype": "float32"}"""));
        var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("w.bin"), [.. layers.SelectMany(l => l[1..]).SelectMany(number => BitConverter.GetBytes(float.Parse(number, CultureInfo.InvariantCulture)))]);
        File.WriteAllText(folder.File("model.json"), Model($$"""[{"paths": ["w.bin"], "weights": [{{weights}}]}]""", topology));
        return folder;
    }

    private static string Model(string manifest, string topology = Topology) =>
        $$"""{"format": "layers-model", "generatedBy": "keras v2.15.0", "convertedBy": "TensorFlow.js Converter v4", "modelTopology": {{topology}}, "weightsManifest": {{manifest}}}""";
}
