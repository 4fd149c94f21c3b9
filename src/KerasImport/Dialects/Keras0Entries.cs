using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>Entries of Keras 0.x: the config itself, where <c>name</c> holds the class and <c>custom_name</c> the name.</summary>
internal static class Keras0Entries
{
    /// <summary>The entry in Keras 1's form; itself where it has it already.</summary>
    public static JObject WithClassName(JObject entry)
    {
        if (entry.ContainsKey("class_name") || entry.ContainsKey("config") || entry.Text("name") is not { } className)
        {
            return entry;
        }

        var config = (JObject)entry.DeepClone();
        config.Remove("name");
        config.Rename("custom_name", "name");
        JToken content = className == "Sequential" && config["layers"] is JArray layers ? layers.DeepClone() : config;
        return new JObject { ["class_name"] = className, ["config"] = content };
    }
}
