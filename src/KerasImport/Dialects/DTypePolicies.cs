using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>The value of <c>dtype</c>: a policy's name; quantized policies and maps of policies stay objects.</summary>
internal static class DTypePolicies
{
    private static readonly HashSet<string> Named = ["Policy", "PolicyV1", "DTypePolicy", "FloatDTypePolicy"];

    /// <summary>The canonical value of a cleaned <c>dtype</c>.</summary>
    public static JToken Canonical(JToken? dtype) => dtype switch
    {
        JObject policy when policy["config"] is JObject config => OfObject(policy.Text("class_name"), policy, config),
        null or { Type: JTokenType.Null } => "float32",
        _ => dtype,
    };

    /// <summary>The type of the tensors that a policy's layer is given.</summary>
    public static string OfInput(JToken dtype) =>
        (dtype as JValue)?.Value is string name && !name.StartsWith("mixed_", StringComparison.Ordinal) ? name : "float32";

    private static JToken OfObject(string? className, JObject policy, JObject config) =>
        className is not null && Named.Contains(className) && config.Text("name") is { } name ? name : policy;
}
