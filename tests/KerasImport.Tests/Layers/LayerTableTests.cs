using KerasCompat.Testing;
using KerasCompat.Tests.Layers;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers.Tests;

public class LayerTableTests
{
    /// <summary>Classes that no case names, and why.</summary>
    private static readonly Dictionary<string, string> WithoutCases = new()
    {
        ["AddLoss"] = "made by model.add_loss of tf.keras, which no case calls; LossTests",
        ["AddMetric"] = "made by model.add_metric of tf.keras, which no case calls; LossTests",
        ["ConvLSTM1DCell"] = "Keras does not export it; the cases of ConvLSTM1D are its",
        ["ConvLSTM3DCell"] = "Keras does not export it; the cases of ConvLSTM3D are its",
    };

    [Fact]
    public void Every_layer_has_a_case_that_Keras_computed()
    {
        HashSet<string> tags = [.. Directory.GetFiles(Fixtures.Root, "cases.jsonl", SearchOption.AllDirectories)
            .SelectMany(f => Fixtures.Cases(Path.GetFileName(Path.GetDirectoryName(f)!)))
            .SelectMany(c => (c["tags"] as JArray ?? []).Select(t => (string)t!))];
        Assert.Equal(WithoutCases.Keys.Order(), LayerTable.Layers.Keys.Where(name => !tags.Contains(name)).Order());
    }

    public static TheoryData<string> Names => [.. LayerTable.Layers.Keys];

    /// <summary>A config that lacks what a layer needs is refused; no other exception comes of it.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Without_a_config_it_is_built_or_refused(string name)
    {
        foreach (int[] shape in SmallModel.Shapes)
        {
            Exception? e = Record.Exception(() => SmallModel.Chain(new LoadOptions(), shape, SmallModel.Layer(name, "layer", [])).Dispose());
            Assert.True(e is null or KerasCompatException, $"{name} of {string.Join(", ", shape)}: {e}");
        }
    }
}
