namespace KerasCompat.Runtime;

/// <summary>An Einstein summation's equation, for operands of given ranks: each axis has a label.</summary>
/// <remarks>
/// A label is a letter's code; the axes of an ellipsis are labelled from the right with −1, −2, …, so that they line up by
/// broadcasting whatever the operands' ranks are.
/// </remarks>
internal sealed class EinsumEquation
{
    private EinsumEquation(int[][] operands, int[] output)
    {
        Operands = operands;
        Output = output;
    }

    /// <summary>The labels of each operand's axes.</summary>
    public int[][] Operands { get; }

    /// <summary>The labels of the result's axes.</summary>
    public int[] Output { get; }

    /// <summary>All labels: those of the result first, then those that are summed over.</summary>
    public int[] Labels => [.. Output.Concat(Operands.SelectMany(o => o)).Distinct()];

    /// <summary>The equation, or null where it is none or does not fit the ranks.</summary>
    public static EinsumEquation? TryParse(string equation, IReadOnlyList<int> ranks)
    {
        try
        {
            return Parse(equation, ranks);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <exception cref="FormatException">The equation is not one, or does not fit the ranks.</exception>
    public static EinsumEquation Parse(string equation, IReadOnlyList<int> ranks)
    {
        string[] sides = equation.Replace(" ", string.Empty, StringComparison.Ordinal).Split("->");
        string[] terms = sides[0].Split(',');
        if (sides.Length > 2 || terms.Length != ranks.Count)
        {
            throw new FormatException($"\"{equation}\" is no equation of {ranks.Count} operands.");
        }

        int[][] operands = [.. terms.Select((term, i) => Expand(term, ranks[i], equation))];
        int ellipsis = operands.Max(o => o.Count(l => l < 0));
        int[] output = sides.Length == 2 ? Output(sides[1]) : Implied(operands, ellipsis);
        if (output.Distinct().Count() != output.Length || output.Except(operands.SelectMany(o => o)).Any())
        {
            throw new FormatException($"\"{equation}\": each axis of the result must be an axis of an operand, and stand once.");
        }

        return new EinsumEquation(operands, output);

        int[] Output(string term) => Expand(term, Letters(term).Length + (term.Contains('.') ? ellipsis : 0), equation);
    }

    private static int[] Expand(string term, int rank, string equation)
    {
        string letters = Letters(term);
        int at = term.IndexOf("...", StringComparison.Ordinal);
        int ellipsis = rank - letters.Length;
        bool dotted = at >= 0;
        if (!letters.All(char.IsAsciiLetter) || term.Length != letters.Length + (dotted ? 3 : 0) || (dotted ? ellipsis < 0 : ellipsis != 0))
        {
            throw new FormatException($"\"{equation}\": \"{term}\" does not fit a value of rank {rank}.");
        }

        at = Math.Max(at, 0);
        return
        [
            .. letters[..at].Select(c => (int)c),
            .. Enumerable.Range(0, ellipsis).Select(i => i - ellipsis),
            .. letters[at..].Select(c => (int)c),
        ];
    }

    /// <summary>Without an arrow the result has the ellipsis, then the letters that stand once, in the alphabet's order.</summary>
    private static int[] Implied(int[][] operands, int ellipsis) =>
    [
        .. Enumerable.Range(0, ellipsis).Select(i => i - ellipsis),
        .. operands.SelectMany(o => o).Where(l => l > 0).GroupBy(l => l).Where(g => g.Count() == 1).Select(g => g.Key).Order(),
    ];

    private static string Letters(string term) => term.Replace(".", string.Empty, StringComparison.Ordinal);
}
