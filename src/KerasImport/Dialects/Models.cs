using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>The canonical object of a model.</summary>
internal static class Models
{
    /// <summary>Puts a model together; <paramref name="graph"/> gives the keys of its config after the name.</summary>
    public static JObject Object(string className, string name, JObject graph, JObject entry)
    {
        var config = new JObject { ["name"] = name };
        if (entry["config"] is JObject written && written["trainable"] is JValue trainable)
        {
            config["trainable"] = trainable.DeepClone();
        }

        foreach (JProperty property in graph.Properties().ToArray())
        {
            property.Remove();
            config.Add(property);
        }

        var model = new JObject { ["kind"] = "model", ["class_name"] = className, ["name"] = name, ["config"] = config };
        if (entry["build_config"] is JObject build)
        {
            model["build_config"] = ValueForms.Clean(build);
        }

        if (entry["shared_object_id"] is { } id)
        {
            model[SharedObjects.RawKey] = id.DeepClone();
        }

        return model;
    }
}
