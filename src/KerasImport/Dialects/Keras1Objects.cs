using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>Initializers, regularizers and constraints of Keras 1, as Keras 3 writes them.</summary>
internal static class Keras1Objects
{
    private static readonly Dictionary<string, string> Initializers = new()
    {
        ["zero"] = "zeros",
        ["one"] = "ones",
        ["uniform"] = "random_uniform",
        ["normal"] = "random_normal",
    };

    private static readonly Dictionary<string, string> Classes = new()
    {
        ["L1L2Regularizer"] = "L1L2",
        ["WeightRegularizer"] = "L1L2",
        ["ActivityRegularizer"] = "L1L2",
    };

    /// <summary>Keys of constraints that have longer names now.</summary>
    private static readonly Dictionary<(string Class, string Key), string> Keys = new()
    {
        [("MaxNorm", "m")] = "max_value",
        [("MinMaxNorm", "low")] = "min_value",
        [("MinMaxNorm", "high")] = "max_value",
    };

    /// <summary>Rewrites the values of keys that end in <c>_initializer</c>, <c>_regularizer</c> and <c>_constraint</c>.</summary>
    public static void Apply(JObject config)
    {
        foreach (JProperty property in config.Properties())
        {
            if (property.Value is JValue { Value: string name } && property.Name.EndsWith("_initializer", StringComparison.Ordinal))
            {
                property.Value = Initializers.GetValueOrDefault(name, name);
            }
            else if (property.Value is JObject flat && flat.Text("name") is { } className && IsObjectKey(property.Name))
            {
                property.Value = Object(flat, className);
            }
        }
    }

    private static bool IsObjectKey(string key) =>
        key.EndsWith("_regularizer", StringComparison.Ordinal) || key.EndsWith("_constraint", StringComparison.Ordinal);

    private static JObject Object(JObject flat, string className)
    {
        IEnumerable<JProperty> config = flat.Properties()
            .Where(property => property.Name != "name")
            .Select(property => new JProperty(Keys.GetValueOrDefault((className, property.Name), property.Name), property.Value));
        return new JObject
        {
            ["class_name"] = Classes.GetValueOrDefault(className, className),
            ["config"] = new JObject(config),
        };
    }
}
