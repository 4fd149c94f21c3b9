using KerasCompat.Testing;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers.Tests;

public class LayerTableTests
{
    /// <summary>Classes that no case names, and why.</summary>
    private static readonly Dictionary<string, string> WithoutCases = new()
    {
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
}
