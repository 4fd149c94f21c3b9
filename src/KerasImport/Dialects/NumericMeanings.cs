using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>What layers compute differently in the generation that wrote them, as keys of their config.</summary>
internal static class NumericMeanings
{
    private static readonly Dictionary<string, Action<LayerDraft>> Rules = new()
    {
        ["UpSampling2D"] = UpSampling2D,
        ["Attention"] = CausalAttention,
        ["AdditiveAttention"] = CausalAttention,
        ["BatchNormalization"] = BatchNormalization,
        ["MultiHeadAttention"] = MultiHeadAttention,
        ["LayerScale"] = LayerScale,
        ["RandomCrop"] = RandomCrop,
        ["SpectralNormalization"] = SpectralNormalization,
        ["SReLU"] = SReLU,
        ["StackedRNNCells"] = StackedCells,
        ["CategoryEncoding"] = CategoryEncoding,
        ["Dense"] = Int4Packing,
        ["Discretization"] = Discretization,
        ["EinsumDense"] = Int4Packing,
    };

    /// <summary>Writes the keys.</summary>
    public static void Apply(LayerDraft draft) => Rules.GetValueOrDefault(draft.ClassName)?.Invoke(draft);

    /// <summary>TensorFlow 1 sampled at corners of pixels, not at their centres.</summary>
    private static void UpSampling2D(LayerDraft draft)
    {
        bool tensorFlow1 = draft.Generation.Era == Era.Keras2 || draft.Generation.Is(Era.TfKeras, 2, 2, 4);
        if (tensorFlow1 && draft.Config.Text("interpolation") == "bilinear")
        {
            draft.Config["half_pixel_centers"] = false;
        }
    }

    /// <summary>Up to tf.keras 2.10 a key of the config; later the call argument <c>use_causal_mask</c>.</summary>
    private static void CausalAttention(LayerDraft draft)
    {
        if (draft.Config.Flag("causal") != true)
        {
            draft.Config.Remove("causal");
        }
    }

    /// <summary>Called in training mode, the layer takes statistics of all steps before tf.keras 2.12, later of those that the mask keeps.</summary>
    private static void BatchNormalization(LayerDraft draft)
    {
        if (draft.Generation.Era == Era.Keras2 || draft.Generation.Is(Era.TfKeras, 2, 12))
        {
            draft.Config["masked_statistics"] = false;
        }
    }

    /// <summary>Masks of the inputs count on their own only from tf.keras 2.10 on; from Keras 3.8 on the argument <c>query_mask</c> does not count.</summary>
    private static void MultiHeadAttention(LayerDraft draft)
    {
        if (draft.Generation.Is(Era.Keras3, 3, 8))
        {
            draft.Config["reads_query_mask"] = true;
        }

        if (draft.Generation.Is(Era.TfKeras, 2, 10))
        {
            draft.Config["automatic_mask"] = false;
        }
    }

    /// <summary>ConvNeXt's factors have a name in tf.keras only.</summary>
    private static void LayerScale(LayerDraft draft)
    {
        if (draft.Generation.IsLegacy)
        {
            draft.Config["weight_name"] = "gamma";
        }
    }

    private static void RandomCrop(LayerDraft draft) => draft.Config["at_inference"] =
        draft.Generation.Is(Era.TfKeras, 2, 7) ? "resize_and_crop"
        : draft.Generation.IsLegacy || draft.Generation.Is(Era.Keras3, 3, 6) ? "smart_resize"
        : draft.Generation.Is(Era.Keras3, 3, 8) ? "crop_and_resize"
        : "identity";

    /// <summary>Keras 3 gives the result the input's type, tf.keras leaves the inner layer's.</summary>
    private static void SpectralNormalization(LayerDraft draft)
    {
        if (draft.Generation.IsLegacy)
        {
            draft.Config["casts_to_input"] = false;
        }
    }

    /// <summary>Theano's <c>relu(x, alpha, max_value)</c> holds both sides to the maximum, TensorFlow's the right one.</summary>
    private static void SReLU(LayerDraft draft)
    {
        if (draft.Context.IsTheano)
        {
            draft.Config["clips_both_sides"] = true;
        }
    }

    /// <summary>To Keras 2.2.2 the last cell's states came first.</summary>
    private static void StackedCells(LayerDraft draft)
    {
        if (draft.Generation.Is(Era.Keras2, 2, 2, 3))
        {
            draft.Config["reverse_state_order"] = true;
        }
    }

    /// <summary>What <c>adapt</c> takes of sorted values began one place later before Keras 3.15.</summary>
    private static void Discretization(LayerDraft draft)
    {
        if (!draft.Config["num_bins"].IsNull() && (draft.Generation.IsLegacy || draft.Generation.Is(Era.Keras3, 3, 15)))
        {
            draft.Config["summary_from_increment"] = true;
        }
    }

    /// <summary>Four-bit kernels had pairs of rows in a byte before they had pairs of columns.</summary>
    private static void Int4Packing(LayerDraft draft)
    {
        string? policy = (string?)(draft.Config.SelectToken("dtype.config.mode") ?? draft.Config["dtype"] as JValue);
        if (draft.Generation.Is(Era.Keras3, 3, 14) && policy?.StartsWith("int4", StringComparison.Ordinal) == true)
        {
            draft.Config["int4_packing"] = "rows";
        }
    }

    /// <summary>Keras 3 leaves values beyond the last category out, tf.keras fails.</summary>
    private static void CategoryEncoding(LayerDraft draft) => draft.Config["out_of_range"] = draft.Generation.IsLegacy ? "raise" : "ignore";
}
