using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>Reads the calls of a layer: Keras 3's <c>{"args", "kwargs"}</c>, and the records <c>[layer, node, tensor, kwargs]</c> before it.</summary>
internal sealed class NodeRecords(IReadOnlySet<string> layers, List<TensorReference> references)
{
    /// <summary>Stands for a layer's name where the first argument is a constant.</summary>
    private const string Constant = "_CONSTANT_VALUE";

    /// <summary>One call in canonical form; null where it is none.</summary>
    public JObject? Read(JToken node, Call call, string place)
    {
        if (node is JObject keras3 && keras3["args"] is JArray args)
        {
            return new JObject
            {
                ["args"] = new JArray(args.Select(value => Keras3Value(value, call, place))),
                ["kwargs"] = keras3["kwargs"] is JObject kwargs ? Keras3Value(kwargs, call, place) : new JObject(),
            };
        }

        if (node is not JContainer)
        {
            return null;
        }

        JToken first = node is JArray { Count: 1 } single && !IsRecord(single) ? single[0] : node;
        JObject? arguments = FirstRecord(node)?.ElementAtOrDefault(3) as JObject;
        return new JObject
        {
            ["args"] = new JArray(LegacyArgument(first, call, place)),
            ["kwargs"] = new JObject((arguments ?? []).Properties().Select(pair => new JProperty(pair.Name, LegacyValue(pair.Value, call, place)))),
        };
    }

    private static bool IsRecord(JToken token) =>
        token is JArray { Count: >= 3 } list && list[0].Type == JTokenType.String && list[1].Type == JTokenType.Integer;

    private static JArray? FirstRecord(JToken token) =>
        IsRecord(token) ? (JArray)token : token.Children().Select(child => FirstRecord(child is JProperty pair ? pair.Value : child)).FirstOrDefault(found => found is not null);

    /// <summary>The first argument: a record, or lists and objects of records.</summary>
    private JToken LegacyArgument(JToken token, Call call, string place) => token switch
    {
        JArray record when IsRecord(record) => (string?)record[0] == Constant
            ? ValueForms.Clean(record[2])
            : Reference(record[0], record[1], record[2], call, NestedBase.BuiltModels, place),
        JArray list => new JArray(list.Select(item => LegacyArgument(item, call, place))),
        JObject map => new JObject(map.Properties().Select(pair => new JProperty(pair.Name, LegacyArgument(pair.Value, call, place)))),
        _ => ValueForms.Clean(token),
    };

    /// <summary>A keyword argument: constants, slices, and references of three items anywhere among them.</summary>
    private JToken LegacyValue(JToken token, Call call, string place) => token switch
    {
        JArray { Count: 3 } record when IsRecord(record) && record[2].Type == JTokenType.Integer && layers.Contains((string)record[0]!) =>
            Reference(record[0], record[1], record[2], call, NestedBase.BuiltModels, place),
        JArray list => new JArray(list.Select(item => LegacyValue(item, call, place))),
        JObject map when map.Text("class_name") == "__ellipsis__" => Special("__ellipsis__", []),
        JObject { Count: 3 } slice when slice.ContainsKey("start") && slice.ContainsKey("stop") && slice.ContainsKey("step") =>
            Special("__slice__", slice.Properties().Select(pair => new JProperty(pair.Name, LegacyValue(pair.Value, call, place)))),
        JObject map => new JObject(map.Properties().Select(pair => new JProperty(pair.Name, LegacyValue(pair.Value, call, place)))),
        _ => ValueForms.Clean(token),
    };

    private JToken Keras3Value(JToken token, Call call, string place) => token switch
    {
        JArray list => new JArray(list.Select(item => Keras3Value(item, call, place))),
        JObject map when map.Text("class_name") == "__keras_tensor__" && map["config"] is JObject config && config["keras_history"] is JArray { Count: >= 3 } history =>
            Reference(history[0], history[1], history[2], call, NestedBase.None, place),
        JObject map when map.Text("class_name") is "function" or "__lambda__" => ValueForms.Clean(map),
        JObject map => new JObject(map.Properties()
            .Where(pair => pair.Name is not ("module" or "registered_name" or "shared_object_id") || !map.ContainsKey("class_name"))
            .Select(pair => new JProperty(pair.Name, Keras3Value(pair.Value, call, place)))),
        _ => token.DeepClone(),
    };

    private JToken Reference(JToken layer, JToken node, JToken tensor, Call call, NestedBase nestedBase, string place)
    {
        var history = new JArray(layer.DeepClone(), node.DeepClone(), tensor.DeepClone());
        if (layer.Type == JTokenType.String && node.AsInteger() is not null && tensor.AsInteger() is not null)
        {
            references.Add(new TensorReference(history, call, nestedBase, place));
        }

        return Special("__keras_tensor__", [new JProperty("keras_history", history)]);
    }

    private static JObject Special(string className, IEnumerable<JProperty> config) =>
        new() { ["class_name"] = className, ["config"] = new JObject(config) };
}
