using KerasCompat.Testing;

namespace KerasCompat.Containers.Tests;

/// <summary>Weights given alone: the architecture beside them is found by its name.</summary>
public class NearbyArchitectureTests
{
    private const string Json = """{"class_name": "Sequential", "config": [], "keras_version": "1.2.2"}""";

    [Theory]
    [InlineData("model.h5", "model.json")]
    [InlineData("cnn_weights.h5", "cnn.json")]
    [InlineData("cnn.h5", "cnn.h5.json")]
    [InlineData("cnn.h5", "cnn_arch.json")]
    [InlineData("cnn_weights.h5", "cnn_arch.json")]
    [InlineData("cnn.weights.h5", "cnn.json")]
    [InlineData("cnn_weights.h5", "cnn_architecture.json")]
    [InlineData("cnn_weights.hdf5", "cnn_config.json")]
    [InlineData("cnn_weights.h5", "cnn_model.json")]
    [InlineData("cnn-weights.h5", "cnn.json")]
    [InlineData("cnn_model_weights.h5", "cnn_model.json")]
    [InlineData("weights.h5", "model.json")]
    [InlineData("model_weights.h5", "model_architecture.json")]
    [InlineData("weights_cnn.h5", "cnn.json")]
    [InlineData("modelWeights.h5", "model.json")]
    [InlineData("cnn_weights_v2.h5", "cnn_config_v2.json")]
    [InlineData("my model (1).h5", "my model (1).json")]
    [InlineData("cnn", "cnn.json")]
    [InlineData("cnn.model", "cnn.yaml")]
    public void Is_found(string weights, string architecture)
    {
        using TemporaryFolder folder = Folder(weights);
        File.WriteAllText(folder.File(architecture), architecture.EndsWith("yaml", StringComparison.Ordinal) ? "class_name: Sequential\nconfig: []\nkeras_version: 1.2.2\n" : Json);
        using KerasFile file = KerasFileReader.Open(folder.File(weights));
        Assert.Equal(ContainerKind.LayerWeightsHdf5, file.Kind);
        Assert.Equal(architecture, file.ArchitectureName);
        Assert.Equal("1.2.2", file.KerasVersion);
        Assert.Equal("Sequential", (string)file.Config!["class_name"]!);
        Assert.NotEmpty(file.Weights!.Arrays);
    }

    [Fact]
    public void What_is_no_architecture_is_passed_over()
    {
        using TemporaryFolder folder = Folder("cnn.h5");
        File.WriteAllText(folder.File("cnn.json"), """{"labels": ["a", "b"]}""");
        File.WriteAllText(folder.File("other.json"), Json);
        string path = folder.File("cnn.h5");
        using (KerasFile alone = KerasFileReader.Open(path))
        {
            Assert.Null(alone.Config);
            Assert.Contains("cnn.json", MissingArchitecture.Of(alone).Message);
        }

        File.WriteAllText(folder.File("cnn_arch.json"), Json);
        using KerasFile file = KerasFileReader.Open(path);
        Assert.Equal("cnn_arch.json", file.ArchitectureName);
    }

    [Fact]
    public void Two_files_may_be_given_in_either_order()
    {
        using TemporaryFolder folder = Folder("a.h5");
        string weights = folder.File("a.h5"), architecture = folder.File("b.txt");
        File.WriteAllText(architecture, Json);
        foreach ((string first, string second) in new[] { (weights, architecture), (architecture, weights) })
        {
            using KerasFile file = KerasFileReader.Open(first, second);
            Assert.Equal("a.h5", file.Name);
            Assert.Equal("b.txt", file.ArchitectureName);
            Assert.NotEmpty(file.Weights!.Arrays);
        }

        Assert.Throws<ModelFormatException>(() => KerasFileReader.Open(architecture, architecture));
        Assert.Throws<ModelFormatException>(() => KerasFileReader.Open(weights, weights));
    }

    /// <summary>A new folder with weights that Keras 1.2.2 saved apart from their architecture.</summary>
    private static TemporaryFolder Folder(string weights)
    {
        var folder = new TemporaryFolder();
        File.Copy(Fixtures.Path("real", "dl4j__simple_lstm_tf_keras_1__apart.weights.h5"), folder.File(weights));
        return folder;
    }
}
