using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>Tensors written as JSON: numbers, nested lists, and Keras's <c>__tensor__</c> and <c>__numpy__</c> objects.</summary>
internal static class JsonTensor
{
    /// <summary>True for what <see cref="Read"/> takes.</summary>
    public static bool IsTensor(JToken token) => token switch
    {
        JObject { } wrapped => (string?)wrapped["class_name"] is "__tensor__" or "__numpy__",
        JArray list => list.All(IsTensor),
        JValue value => value.Value is long or double or bool or string,
        _ => false,
    };

    /// <summary>Reads a tensor.</summary>
    /// <param name="token">The JSON.</param>
    /// <param name="floating">The type of numbers whose type the JSON leaves open and that are not all integers or flags.</param>
    /// <param name="place">Where it stands, for messages.</param>
    /// <exception cref="ModelFormatException">It is no tensor, or ragged.</exception>
    /// <exception cref="UnsupportedModelException">Its type is not known.</exception>
    public static Tensor Read(JToken token, DType floating, string place)
    {
        if (token is JObject wrapped)
        {
            var config = (JObject?)wrapped["config"] ?? throw Wrong(token, place);
            Tensor plain = Read(config["value"] ?? throw Wrong(token, place), floating, place);
            if ((string?)config["dtype"] is not { } name || name == "string")
            {
                return plain;
            }

            return DTypes.TryParse(name, out DType dtype)
                ? plain.Cast(dtype)
                : throw new UnsupportedModelException(place, $"a constant of dtype {name}", "a dtype of Keras", "cast the constant to float32 or an integer type before the model is saved");
        }

        var dims = new List<int>();
        for (JToken at = token; at is JArray list; at = list[0])
        {
            dims.Add(list.Count);
            if (list.Count == 0)
            {
                break;
            }
        }

        var values = new List<object>();
        Collect(token, 0);
        var shape = new Shape(dims.ToArray());
        return values.Count > 0 && values.All(v => v is string) ? new Tensor<string>(values.Cast<string>().ToArray(), shape)
            : values.Count > 0 && values.All(v => v is bool) ? new Tensor<bool>(values.Cast<bool>().ToArray(), shape)
            : values.Count > 0 && values.All(v => v is long) ? new Tensor<long>(values.Cast<long>().ToArray(), shape).Cast(DType.Int32)
            : new Tensor<double>(values.Select(System.Convert.ToDouble).ToArray(), shape).Cast(floating);

        void Collect(JToken at, int depth)
        {
            if (at is JArray list)
            {
                if (depth >= dims.Count || list.Count != dims[depth])
                {
                    throw Wrong(token, place);
                }

                foreach (JToken item in list)
                {
                    Collect(item, depth + 1);
                }
            }
            else if (at is JValue { Value: { } value } && depth == dims.Count)
            {
                values.Add(value);
            }
            else
            {
                throw Wrong(token, place);
            }
        }
    }

    private static ModelFormatException Wrong(JToken token, string place) =>
        new(place, token.ToString(Newtonsoft.Json.Formatting.None), "a number or a rectangular list of numbers", LayerConfig.Mend);
}
