using KerasCompat.Containers;
using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects.Tests;

/// <summary>Short ways to a canonical architecture.</summary>
internal static class Canonical
{
    /// <summary>A model, which must be without problems.</summary>
    public static JObject Root(string json, string? version, string? backend = null)
    {
        CanonicalModel model = Run(json, version, backend);
        Assert.Empty(model.Problems);
        CanonicalInvariants.Check(model.Root);
        return model.Root;
    }

    public static CanonicalModel Run(string json, string? version, string? backend = null, LayerWeights? weights = null) =>
        Canonicalization.Run(JObject.Parse(json), new DialectOptions { KerasVersion = version, Backend = backend, Weights = weights });

    /// <summary>A layer of a Sequential model of its own.</summary>
    public static JObject Layer(string className, string config, string? version, string? backend = null) =>
        Layers(Root(Sequential(className, config, version), version, backend))[^1];

    /// <summary>A Sequential model of one layer in the form of its generation.</summary>
    public static string Sequential(string className, string config, string? version)
    {
        string layer = $$$$"""{"class_name": "{{{{className}}}}", "config": {{{{config}}}}}""";
        return version?.StartsWith('1') == true
            ? $$$$"""{"class_name": "Sequential", "config": [{{{{layer}}}}]}"""
            : $$$$"""{"class_name": "Sequential", "config": {"name": "s", "layers": [{{{{layer}}}}]}}""";
    }

    public static JObject[] Layers(JObject model) => [.. model["config"]!["layers"]!.Cast<JObject>()];

    public static JObject Layer(JObject model, string name) => Layers(model).Single(layer => (string?)layer["name"] == name);

    /// <summary>Stored arrays that nobody will read.</summary>
    public static StoredLayer Stored(string name, params (string Name, int[] Shape)[] arrays) => new(
        name,
        [.. arrays.Select(array => new StoredArray($"/{name}/{array.Name}", array.Name, DType.Float32, new Shape(array.Shape), () => throw new InvalidOperationException()))]);

    public static void Same(string expected, JToken? actual) =>
        Assert.Equal(JToken.Parse(expected).ToString(), actual?.ToString());
}
