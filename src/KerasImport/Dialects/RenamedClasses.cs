using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>Classes that the caller knows under another name than the file: subclasses that change nothing, classes that were renamed.</summary>
internal static class RenamedClasses
{
    /// <summary>The architecture with its classes renamed; a copy, unless there is nothing to rename.</summary>
    /// <param name="model">The JSON as written.</param>
    /// <param name="names">New names by the file's, which is the registered name (<c>Package&gt;Name</c>) or the class name.</param>
    public static JObject Apply(JObject model, IReadOnlyDictionary<string, string> names)
    {
        if (names.Count == 0)
        {
            return model;
        }

        var copy = (JObject)model.DeepClone();
        foreach (JObject instance in copy.DescendantsAndSelf().OfType<JObject>().Where(o => o["class_name"] is JValue { Value: string }).ToArray())
        {
            Rename(instance, names);
        }

        return copy;
    }

    private static void Rename(JObject instance, IReadOnlyDictionary<string, string> names)
    {
        string written = instance.Text("class_name")!;
        string[] known = [instance.Text("registered_name") ?? written, ValueForms.CustomName(written, instance) ?? written, written, ValueForms.WithoutPackage(written)];
        if (known.FirstOrDefault(names.ContainsKey) is not { } name)
        {
            return;
        }

        string renamed = names[name];
        instance["class_name"] = renamed;
        foreach (string key in (string[])["module", "registered_name"])
        {
            if (instance.ContainsKey(key))
            {
                instance[key] = key == "module" ? "keras.layers" : renamed;
            }
        }
    }
}
