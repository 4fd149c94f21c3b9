using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>Tells the era of an architecture that names no version, by what only one era writes.</summary>
internal static class EraEvidence
{
    private static readonly Dictionary<string, Era> Keys = new()
    {
        ["batch_shape"] = Era.Keras3,
        ["keras_history"] = Era.Keras3,
        ["module"] = Era.TfKeras,
        ["time_major"] = Era.TfKeras,
        ["ragged"] = Era.TfKeras,
        ["groups"] = Era.TfKeras,
        ["shared_object_id"] = Era.TfKeras,
        ["kernel_initializer"] = Era.Keras2,
        ["embeddings_initializer"] = Era.Keras2,
        ["nb_filter"] = Era.Keras1,
        ["border_mode"] = Era.Keras1,
        ["inner_init"] = Era.Keras1,
        ["W_regularizer"] = Era.Keras1,
        ["input_dtype"] = Era.Keras1,
        ["concat_axis"] = Era.Keras1,
        ["custom_name"] = Era.Keras1,
    };

    private static readonly Dictionary<string, Era> Classes = new()
    {
        ["DTypePolicy"] = Era.Keras3,
        ["__keras_tensor__"] = Era.Keras3,
        ["Functional"] = Era.TfKeras,
        ["TFOpLambda"] = Era.TfKeras,
        ["SlicingOpLambda"] = Era.TfKeras,
        ["TensorFlowOpLayer"] = Era.TfKeras,
        ["Policy"] = Era.TfKeras,
    };

    /// <summary>The newer first: Keras 2 still wrote some of Keras 1's layers, with their keys. Nothing of these: Keras 2.</summary>
    private static readonly Era[] Order = [Era.Keras3, Era.TfKeras, Era.Keras2, Era.Keras1];

    /// <summary>The era an architecture's keys and classes speak for.</summary>
    public static Era Of(JObject model)
    {
        var seen = new HashSet<Era>();
        foreach (JProperty property in model.DescendantsAndSelf().OfType<JProperty>())
        {
            if (Keys.TryGetValue(property.Name, out Era era)
                || (property is { Name: "class_name", Value: JValue { Value: string name } } && Classes.TryGetValue(name, out era)))
            {
                seen.Add(era);
            }
        }

        foreach (Era era in Order)
        {
            if (seen.Contains(era))
            {
                return era;
            }
        }

        return Era.Keras2;
    }
}
