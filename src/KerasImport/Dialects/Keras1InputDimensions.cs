using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>Keras 1's other way to give a first layer's input shape: <c>input_dim</c> and <c>input_length</c>.</summary>
internal static class Keras1InputDimensions
{
    private static readonly HashSet<string> OnSequences =
        ["LSTM", "GRU", "SimpleRNN", "Convolution1D", "AtrousConvolution1D", "LocallyConnected1D", "TimeDistributedDense"];

    private static readonly HashSet<string> OnVectors = ["Dense", "MaxoutDense", "Highway"];

    /// <summary>The shape with its batch axis; null where the keys do not give one.</summary>
    public static JArray? ShapeOf(string? className, JObject config, Era era)
    {
        JToken dim = config["input_dim"] ?? JValue.CreateNull();
        JToken length = config["input_length"] ?? JValue.CreateNull();
        if (className == "Embedding")
        {
            // From Keras 2 on the key only bounds the length.
            return era == Era.Keras1 ? Shape(length) : null;
        }

        return className is null || dim.IsNull() ? null
            : OnVectors.Contains(className) ? Shape(dim)
            : OnSequences.Contains(className) ? Shape(length, dim)
            : null;
    }

    private static JArray Shape(params JToken[] dims) => new(dims.Select(ValueForms.Size).Prepend(JValue.CreateNull()));
}
