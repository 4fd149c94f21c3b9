using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>Inputs of Keras 1 models that are named after an identity layer behind them.</summary>
/// <remarks>A layer that does nothing gave back the very tensor it was given, now marked as its own output, so the model's input
/// <c>input_1</c> reads <c>activation_5</c> in the file.</remarks>
internal static class AliasedInputs
{
    private static readonly HashSet<string> Identities =
    [
        "Activation", "ActivityRegularization", "Dropout", "GaussianDropout", "GaussianNoise",
        "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D",
    ];

    /// <summary>Gives such inputs the name of their input layer.</summary>
    public static void Undo(IEnumerable<TensorReference> references, IReadOnlyDictionary<string, JObject> layers, JToken inputs)
    {
        Dictionary<Call, TensorReference> argument = references
            .Where(reference => reference.From is not null)
            .GroupBy(reference => reference.From!.Value)
            .Where(group => group.Count() == 1)
            .ToDictionary(group => group.Key, group => group.Single());
        foreach (TensorReference input in references.Where(reference => reference.From is null && UnlistedInputs.Contains(inputs, reference.History)))
        {
            TensorReference source = input;
            while (layers.TryGetValue(source.Layer, out JObject? layer) && Identities.Contains(layer.Text("class_name")!)
                && argument.Remove(new Call(source.Layer, source.Node), out TensorReference? before))
            {
                source = before;
            }

            if (layers.GetValueOrDefault(source.Layer)?.Text("class_name") == "InputLayer")
            {
                input.History[0] = source.Layer;
                input.History[1] = 0;
            }
        }
    }
}
