using System.CommandLine;
using System.Globalization;

namespace KerasCompat.Convert.Data;

/// <summary><c>--input-shape</c>: the input's shape of a Sequential that was never built.</summary>
internal sealed class InputShapeOption
{
    private readonly Option<string?> _shape = new("--input-shape")
    {
        Description = "The input's shape of a Sequential that was never built, without the batch: 784, 28,28,1, or None,32 where the first axis is open.",
        HelpName = "sizes",
    };

    public void AddTo(Command command) => command.Add(_shape);

    /// <exception cref="ArgumentException">It is no list of sizes.</exception>
    public IReadOnlyList<int?>? Of(ParseResult parsed) => Read(parsed.GetValue(_shape));

    /// <summary>Reads <c>28,28,1</c>, <c>None,32</c>, and Python's tuples of them; null where nothing is given.</summary>
    /// <exception cref="ArgumentException">It is no list of sizes.</exception>
    public static IReadOnlyList<int?>? Read(string? text)
    {
        if (text is null)
        {
            return null;
        }

        string sizes = text.Trim();
        sizes = sizes is ['(', .., ')'] ? sizes[1..^1].Trim().TrimEnd(',') : sizes;
        return sizes.Length == 0 ? [] : [.. sizes.Split(',', StringSplitOptions.TrimEntries).Select(size => Size(size, text))];
    }

    private static int? Size(string size, string all) =>
        size.Equals("None", StringComparison.OrdinalIgnoreCase) ? null
        : int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number
        : throw new ArgumentException($"--input-shape {all}: expected sizes without the batch, as 28,28,1, None where an axis is open.");
}
