using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>How a layer's weights are stored in few bits: the policy's mode and the config's <c>quantization_config</c>.</summary>
/// <param name="Mode"><c>int8</c>, <c>int4</c> or <c>float8</c>.</param>
/// <param name="BlockSize">For int4: rows that share a scale and a zero point; null where whole columns share a scale.</param>
/// <param name="Activations">How the layer rounds its inputs, or null where it does not.</param>
/// <param name="PacksRows">For int4: whether rows lie in pairs in a byte (Keras 3.11 to 3.13), not columns.</param>
/// <param name="HistoryLength">For float8: how many maxima are kept for training.</param>
internal sealed record QuantizationScheme(string Mode, int? BlockSize, ActivationQuantizer? Activations, bool PacksRows, int HistoryLength)
{
    /// <summary>Reads the scheme; null where the layer is not quantized.</summary>
    /// <param name="config">The layer's config.</param>
    /// <param name="roundsInt4Inputs">Whether int4 rounds inputs where the config does not say.</param>
    public static QuantizationScheme? Read(LayerConfig config, bool roundsInt4Inputs = false)
    {
        JToken? own = config.Token("quantization_config");
        if (config.Policy.Quantization is not { } mode)
        {
            return null;
        }

        if (mode is not ("int8" or "int4" or "float8"))
        {
            config.Unsupported("dtype", "a policy of int8, int4 or float8", $"quantization {mode} is not supported; save the model before it is quantized", KerasVersions.Of(mode));
            return null;
        }

        bool packsRows = config.OneOf("int4_packing", "columns", "columns", "rows") == "rows";
        JToken? options = own?["config"];
        ActivationQuantizer? activations = options is JObject given
            ? ActivationQuantizer.Read(given["activation_quantizer"])
            : mode == "int8" || packsRows || roundsInt4Inputs ? ActivationQuantizer.Default : null;
        return new QuantizationScheme(mode, Block(config.Policy, options), activations, packsRows, (int?)config.Policy.Config?["amax_history_length"] ?? 1024);
    }

    /// <summary>The block of the config, else of the policy (<c>int4/128</c>).</summary>
    private static int? Block(DTypePolicy policy, JToken? options)
    {
        string name = (string?)policy.Config?["mode"] ?? policy.Name;
        int? block = options is JObject given && given.ContainsKey("block_size") ? (int?)given["block_size"]
            : name.Split('/') is [_, var size] && int.TryParse(size.Split('_')[0], out int parsed) ? parsed
            : null;
        return block is > 0 ? block : null;
    }
}
