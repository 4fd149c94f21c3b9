using System.Text.RegularExpressions;

namespace KerasCompat.Weights;

/// <summary>The names that Keras gives to the groups of a <c>.weights.h5</c>, made of class names.</summary>
internal static partial class ObjectNames
{
    /// <summary>Classes whose name in a config is not that of the Python class, which names the groups.</summary>
    private static readonly Dictionary<string, string> PythonNames = new(StringComparer.Ordinal) { ["GroupQueryAttention"] = "GroupedQueryAttention" };

    /// <summary>The groups that hold a model's layers: Keras 2.15 and 3, and 2.12 to 2.14.</summary>
    public static IReadOnlyList<string> Containers { get; } = ["layers", "_layer_checkpoint_dependencies"];

    /// <summary>The ways in which versions turn class names into snake case.</summary>
    public static IReadOnlyList<Func<string, string>> SnakeCases { get; } = [Keras3, Keras2];

    /// <summary>A path within a path; the root's is empty.</summary>
    public static string Join(string path, string name) => path.Length == 0 ? name : $"{path}/{name}";

    /// <summary>Keras 3's snake case: <c>ConvLSTM2D</c> → <c>conv_lstm2d</c>.</summary>
    public static string Keras3(string className) => Snake(className, CapitalizedWord());

    /// <summary>Keras 2.12 to 2.15's snake case: <c>ConvLSTM2D</c> → <c>conv_lst_m2d</c>.</summary>
    public static string Keras2(string className)
    {
        string name = Snake(className, CapitalizedWordWithDigits());
        return name.StartsWith('_') ? $"private{name}" : name;
    }

    /// <summary>Names for a list of objects; a name met again gets <c>_1</c>, <c>_2</c>, ….</summary>
    public static string[] Numbered(IEnumerable<string> names)
    {
        var used = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. names.Select(name =>
        {
            int count = used.GetValueOrDefault(name);
            used[name] = count + 1;
            return count == 0 ? name : $"{name}_{count}";
        })];
    }

    private static string Snake(string className, Regex word)
    {
        string name = NonWord().Replace(PythonNames.GetValueOrDefault(className, className), string.Empty);
        name = word.Replace(name, "$1_$2");
        return LowerUpper().Replace(name, "$1_$2").ToLowerInvariant();
    }

    [GeneratedRegex(@"\W")]
    private static partial Regex NonWord();

    [GeneratedRegex("(.)([A-Z][a-z]+)")]
    private static partial Regex CapitalizedWord();

    [GeneratedRegex("(.)([A-Z][a-z0-9]+)")]
    private static partial Regex CapitalizedWordWithDigits();

    [GeneratedRegex("([a-z])([A-Z])")]
    private static partial Regex LowerUpper();
}
