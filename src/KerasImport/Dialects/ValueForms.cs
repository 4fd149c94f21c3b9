using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>The many ways Keras wraps a value in JSON, undone: tuples, shapes, arrays, objects with the module they came from.</summary>
internal static class ValueForms
{
    /// <summary>Wrappers by <c>class_name</c> that have no <c>config</c>, with the key of what they hold.</summary>
    private static readonly Dictionary<string, string> Wrappers = new()
    {
        ["__tuple__"] = "items",
        ["TensorShape"] = "items",
        ["__numpy__"] = "value",
    };

    /// <summary>A copy of a value in canonical form.</summary>
    public static JToken Clean(JToken token) => token switch
    {
        JArray array => new JArray(array.Select(Clean)),
        JObject value => CleanObject(value),
        _ => token.DeepClone(),
    };

    /// <summary>A shape in canonical form, its sizes whole numbers.</summary>
    public static JToken Sizes(JToken shape) => Clean(shape) is JArray sizes ? new JArray(sizes.Select(Size)) : Clean(shape);

    /// <summary>An axis's size: R's numbers are doubles, and Keras takes the 784.0 they leave in a file for 784.</summary>
    public static JToken Size(JToken size) =>
        size is JValue { Value: double value and >= 0 and <= int.MaxValue } && value == Math.Floor(value) ? new JValue((long)value) : size.DeepClone();

    /// <summary>The name under which a class that is not Keras's own is known, or null for Keras's own.</summary>
    /// <param name="className">The class, which may carry its package: <c>Shop>Doubler</c>.</param>
    /// <param name="value">The object of that class.</param>
    public static string? CustomName(string className, JObject value)
    {
        if (className.Contains('>', StringComparison.Ordinal))
        {
            return className;
        }

        if (!value.ContainsKey("module") || IsKerasModule(value.Text("module")))
        {
            return null;
        }

        string? registered = value.Text("registered_name");
        string? module = value.Text("module");
        return registered is not null && registered != className ? registered : module is null ? className : $"{module}.{className}";
    }

    /// <summary>The class without its package.</summary>
    public static string WithoutPackage(string className) => className[(className.LastIndexOf('>') + 1)..];

    private static bool IsKerasModule(string? module) =>
        module is "keras" or "tf_keras" or "builtins"
        || (module is not null && (module.StartsWith("keras.", StringComparison.Ordinal) || module.StartsWith("tf_keras.", StringComparison.Ordinal)));

    private static JToken CleanObject(JObject value)
    {
        string? className = value.Text("class_name");
        if (className is "__tensor__" or "__numpy__" && value["config"] is JObject constant && constant["value"] is { } number)
        {
            return Clean(number);
        }

        if (className is not null && value.ContainsKey("config"))
        {
            return CleanInstance(className, value);
        }

        if (className is not null && Wrappers.TryGetValue(className, out string? held) && value[held] is { } content)
        {
            return Clean(content);
        }

        // {"type": "ndarray", "value": 0.3}: how Keras 2.0 wrote numpy scalars and arrays.
        if (value.Text("type") is "ndarray" && value["value"] is { } array)
        {
            return Clean(array);
        }

        var copy = new JObject();
        foreach (JProperty property in value.Properties())
        {
            if (property.Name != "__passive_serialization__")
            {
                copy[property.Name] = Clean(property.Value);
            }
        }

        return copy;
    }

    private static JObject CleanInstance(string className, JObject value)
    {
        var copy = new JObject { ["class_name"] = WithoutPackage(className) };
        string? custom = className == "function" ? FunctionName(value) : CustomName(className, value);
        if (custom is not null)
        {
            copy["registered_name"] = custom;
        }

        copy["config"] = Clean(value["config"]!);
        return copy;
    }

    /// <summary>A function's full name, where the file gives one beside the bare name in its config.</summary>
    private static string? FunctionName(JObject value) => value.Text("registered_name") is { } name and not "function" ? name : null;
}
