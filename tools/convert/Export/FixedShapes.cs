using System.CommandLine;
using System.Globalization;
using KerasCompat.Runtime;

namespace KerasCompat.Convert.Export;

/// <summary>Sizes given for good, by the symbol they stand for.</summary>
internal static class FixedShapes
{
    public const string Name = "--fix-shape";

    public static Option<string[]> Option(string description) => new(Name) { Description = description, DefaultValueFactory = _ => [] };

    /// <summary>Reads <c>INPUT=1,224,224,3</c> and <c>SYMBOL=80</c>.</summary>
    /// <exception cref="ArgumentException">The model has no such input or symbol, or the sizes contradict its shape.</exception>
    public static IReadOnlyDictionary<string, int> Read(KerasModel model, IReadOnlyList<string> texts)
    {
        var sizes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            string[] sides = text.Split('=', 2);
            int[] numbers = sides.Length == 2 ? [.. sides[1].Split(',').Select(n => Number(n, text))] : throw new ArgumentException($"{Name} {text}: expected NAME=SIZES.");
            if (model.Graph.Inputs.FirstOrDefault(i => i.Name == sides[0]) is { } input)
            {
                Bind(input, numbers, text, sizes);
            }
            else if (numbers.Length == 1 && model.Graph.Inputs.SelectMany(i => i.Shape).SelectMany(d => d.Symbols()).Contains(sides[0]))
            {
                sizes[sides[0]] = numbers[0];
            }
            else
            {
                throw new ArgumentException($"{Name} {text}: the model has the inputs {string.Join(", ", model.Inputs.Select(i => $"{i.Name} {i.Type.Shape}"))}.");
            }
        }

        return sizes;
    }

    private static void Bind(Value input, int[] numbers, string text, Dictionary<string, int> sizes)
    {
        if (numbers.Length != input.Rank)
        {
            throw new ArgumentException($"{Name} {text}: input \"{input.Name}\" has shape {input.Shape}.");
        }

        for (int axis = 0; axis < numbers.Length; axis++)
        {
            if (input.Shape[axis].SymbolName is { } symbol)
            {
                sizes[symbol] = numbers[axis];
            }
            else if (input.Shape[axis] != numbers[axis])
            {
                throw new ArgumentException($"{Name} {text}: input \"{input.Name}\" has shape {input.Shape}.");
            }
        }
    }

    private static int Number(string text, string all) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
        ? number
        : throw new ArgumentException($"{Name} {all}: \"{text}\" is no size.");
}
