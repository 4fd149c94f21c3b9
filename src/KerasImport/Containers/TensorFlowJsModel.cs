using Newtonsoft.Json.Linq;

namespace KerasCompat.Containers;

/// <summary>A TensorFlow.js layers model: <c>model.json</c> with topology and weight manifest, and binary shards beside it.</summary>
/// <remarks>Layout: tfjs-core/src/io/types.ts and tfjs-layers/src/models.ts.</remarks>
internal static class TensorFlowJsModel
{
    public static bool IsIn(JObject root) => root["modelTopology"] is not null || root["weightsManifest"] is not null;

    /// <exception cref="ModelFormatException">It is a graph model, or a part is missing or damaged.</exception>
    public static KerasFile Read(JObject root, string name, string? folder, ReadLimits limits)
    {
        if ((root["format"] as JValue)?.Value is "graph-model" || (root["modelTopology"] as JObject)?["node"] is not null)
        {
            throw new ModelFormatException(name, "a TensorFlow.js graph model: a frozen TensorFlow graph", "a layers model (\"format\": \"layers-model\")",
                "convert the original Keras file instead");
        }

        string place = $"{name}:modelTopology";
        ArchitectureConfig? architecture = root["modelTopology"] is { } topology ? ArchitectureConfig.From(topology, place, limits) : null;
        StoredWeights? weights = root["weightsManifest"] is JArray { Count: > 0 } manifest
            ? TensorFlowJsWeights.Read(manifest, name, folder, limits, architecture)
            : null;
        return new KerasFile
        {
            Name = name,
            Kind = ContainerKind.TensorFlowJs,
            Config = architecture?.Config,
            TrainingConfig = architecture?.TrainingConfig ?? root["trainingConfig"] as JObject,
            KerasVersion = architecture?.KerasVersion ?? Version(root),
            Backend = architecture?.Backend,
            Weights = weights,
        };
    }

    /// <summary><c>"generatedBy": "keras v2.15.0"</c>; files saved by tfjs itself say <c>TensorFlow.js tfjs-layers v…</c>.</summary>
    private static string? Version(JObject root) =>
        (root["generatedBy"] as JValue)?.Value is string text && text.StartsWith("keras v", StringComparison.Ordinal) ? text["keras v".Length..] : null;
}
