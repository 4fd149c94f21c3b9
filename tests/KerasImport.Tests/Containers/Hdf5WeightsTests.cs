using KerasCompat.Runtime;
using KerasCompat.Testing;

namespace KerasCompat.Containers.Tests;

public class Hdf5WeightsTests
{
    [Fact]
    public void Backslashes_of_windows_are_slashes_and_links_to_a_parent_do_not_loop()
    {
        using KerasFile file = KerasFileReader.Open(ContentFiles.Path("windows_slashes.h5"));
        Assert.Equal(ContainerKind.PathWeightsHdf5, file.Kind);
        var weights = Assert.IsType<PathWeights>(file.Weights);
        Assert.Equal(["", "_layer_checkpoint_dependencies/lstm/cell", "layers/dense", "layers/dense_1"], weights.Groups.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([0f, 1f, 2f, 3f, 4f, 5f], weights.Groups["layers/dense"].Arrays["0"].Read().As<float>().ToArray());
        Assert.Equal("layers/dense/vars/0", weights.Groups["layers/dense"].Arrays["0"].Name);
        Assert.Equal(new Shape(2, 3), weights.Groups["layers/dense"].Arrays["0"].Shape);
        Assert.Empty(weights.Groups["layers/dense_1"].Arrays);
        Assert.Equal(["2", "10"], weights.Groups[""].Arrays.Keys);
        Assert.Equal("top", weights.Groups[""].ObjectName);
    }

    [Fact]
    public void A_model_in_a_group_of_a_larger_file_is_found()
    {
        using KerasModel model = KerasModel.Load(ContentFiles.Path("in_a_group.h5"));
        Assert.Equal("2.2.4-tf", model.KerasVersion);
        Assert.Equal([7f], model.Predict(Tensor.From(new float[] { 2 }, 1, 1)).As<float>().ToArray());
        Assert.Contains("found 2 models: /study/net, /study/older; expected one", Assert.Throws<ModelFormatException>(() => KerasFileReader.Open(ContentFiles.Path("in_two_groups.h5"))).Message);
    }

    [Fact]
    public void Weights_of_another_architecture_are_named_with_their_file()
    {
        using var folder = new TemporaryFolder();
        string architecture = folder.File("m.json");
        File.WriteAllText(architecture, """{"class_name": "Sequential", "config": [{"class_name": "Dense", "config": {"name": "d", "units": 2, "batch_input_shape": [null, 1]} }]}""");
        string message = Assert.Throws<ModelFormatException>(() => KerasModel.Load(ContentFiles.Path("in_a_group.h5"), architecture)).Message;
        Assert.StartsWith("in_a_group.h5:/study/net/model_weights/d/d/kernel:0: found shape (1, 1); expected (1, 2) for weight", message);
    }

    [Fact]
    public void Every_element_type_is_read_as_itself()
    {
        using KerasFile file = KerasFileReader.Open(ContentFiles.Path("element_types.h5"));
        IReadOnlyDictionary<string, StoredArray> arrays = ((PathWeights)file.Weights!).Groups[""].Arrays;
        DType[] expected = [DType.BFloat16, DType.BFloat16, DType.UInt8, DType.Bool, DType.Float16, DType.Float64, DType.Int32, DType.UInt64];
        Assert.Equal(expected, arrays.Values.Select(array => array.DType));
        Assert.Equal(expected, arrays.Values.Select(array => array.Read().DType));
        Assert.Equal([1.5f, -1f], arrays["0"].Read().Cast(DType.Float32).As<float>().ToArray());
        Assert.Equal([1.5f], arrays["1"].Read().Cast(DType.Float32).As<float>().ToArray());
        Assert.Equal([1, 255], arrays["2"].Read().As<byte>().ToArray());
        Assert.Equal([true, false], arrays["3"].Read().As<bool>().ToArray());
        Assert.Equal([(Half)1.5], arrays["4"].Read().As<Half>().ToArray());
        Assert.Equal([1.5], arrays["5"].Read().As<double>().ToArray());
        Assert.Equal([-1], arrays["6"].Read().As<int>().ToArray());
        Assert.Equal(Shape.Scalar, arrays["7"].Shape);
    }

    [Theory]
    [InlineData("mlp.h5")]
    [InlineData("mlp_chunked_names.h5")]
    [InlineData("mlp_fixed_strings.h5")]
    [InlineData("mlp_latest.h5")]
    public void Lists_of_names_are_the_same_however_they_are_stored(string name)
    {
        using KerasFile plain = KerasFileReader.Open(Fixtures.Path("containers", "keras-3.15.1/mlp.h5"));
        using KerasFile file = KerasFileReader.Open(Fixtures.Path("containers", $"keras-3.15.1/{name}"));
        var expected = (LayerWeights)plain.Weights!;
        var weights = (LayerWeights)file.Weights!;
        Assert.Equal(expected.Layers.Select(layer => layer.Name), weights.Layers.Select(layer => layer.Name));
        Assert.Equal(expected.Arrays.Select(array => array.Path), weights.Arrays.Select(array => array.Path));
        Assert.Equal("3.15.1", weights.KerasVersion);
        Assert.Equal("tensorflow", weights.Backend);
    }

    [Fact]
    public void Layers_without_weights_are_listed()
    {
        using KerasFile file = KerasFileReader.Open(Fixtures.Path("containers", "keras-3.15.1/cnn.h5"));
        var weights = (LayerWeights)file.Weights!;
        Assert.Contains(weights.Layers, layer => layer.Arrays.Count == 0);
        Assert.Contains(weights.Layers, layer => layer.Arrays.Count == 4);
        Assert.Null(weights.TopLevel);
    }

    [Fact]
    public void Shards_read_as_the_whole_file_does()
    {
        foreach (string model in (string[])["nested", "text"])
        {
            using KerasFile whole = KerasFileReader.Open(Fixtures.Path("containers", $"keras-3.15.1/{model}.weights.h5"));
            using KerasFile shards = KerasFileReader.Open(Fixtures.Path("containers", $"keras-3.15.1/{model}_sharded.weights.json"));
            Assert.Equal(ContainerKind.ShardedWeights, shards.Kind);
            Dictionary<string, StoredVariables> expected = ((PathWeights)whole.Weights!).Groups.Where(g => g.Value.Arrays.Count > 0).ToDictionary();
            IReadOnlyDictionary<string, StoredVariables> actual = ((PathWeights)shards.Weights!).Groups;
            foreach ((string path, StoredVariables group) in expected)
            {
                Assert.Equal(group.Arrays.Keys, actual[path].Arrays.Keys);
                foreach ((string key, StoredArray array) in group.Arrays)
                {
                    Assert.Equal(array.Read().Bytes, actual[path].Arrays[key].Read().Bytes);
                }
            }
        }
    }

    [Theory]
    [InlineData("../secret.weights.h5", "\"../secret.weights.h5\"; expected a name relative to this file")]
    [InlineData("/etc/passwd", "expected a name relative to this file")]
    [InlineData("missing.weights.h5", "no file missing.weights.h5 beside it")]
    public void Shards_lie_beside_their_index(string file, string text)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("m.weights.json");
        File.WriteAllText(path, $$"""{"metadata": {"total_size": 4}, "weight_map": {"/layers/dense/vars": ["{{file}}"]} }""");
        Assert.Contains(text, Assert.Throws<ModelFormatException>(() => KerasFileReader.Open(path)).Message);
    }

    [Theory]
    [InlineData("mlp.keras")]
    [InlineData("mlp.h5")]
    [InlineData("text.json")]
    public void Streams_are_read_like_files_and_stay_open(string name)
    {
        byte[] bytes = File.ReadAllBytes(Fixtures.Path("containers", $"keras-3.15.1/{name}"));
        var stream = new MemoryStream(bytes);
        using (KerasFile file = KerasFileReader.Open(stream, name))
        {
            Assert.NotNull(file.Config);
            Assert.All(file.Weights?.Arrays ?? [], array => array.Read());
        }

        Assert.True(stream.CanRead);
        using var once = new System.IO.Compression.BrotliStream(new MemoryStream(Brotli(bytes)), System.IO.Compression.CompressionMode.Decompress);
        using KerasFile again = KerasFileReader.Open(once, name);
        Assert.All(again.Weights?.Arrays ?? [], array => array.Read());
    }

    [Fact]
    public void Limits_on_arrays_hold_at_opening()
    {
        string path = Fixtures.Path("containers", "keras-3.15.1/mlp.h5");
        Assert.Throws<ResourceLimitException>(() => KerasFileReader.Open(path, new ReadLimits { MaxArrayBytes = 64 }));
        Assert.Throws<ResourceLimitException>(() => KerasFileReader.Open(path, new ReadLimits { MaxTotalBytes = 300 }));
        Assert.Throws<ResourceLimitException>(() => KerasFileReader.Open(path, new ReadLimits { MaxTextBytes = 300 }));
    }

    private static byte[] Brotli(byte[] bytes)
    {
        var stream = new MemoryStream();
        using (var brotli = new System.IO.Compression.BrotliStream(stream, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            brotli.Write(bytes);
        }

        return stream.ToArray();
    }
}
