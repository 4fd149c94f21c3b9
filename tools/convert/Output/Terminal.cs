namespace KerasCompat.Convert.Output;

/// <summary>What is only done where a person watches: colours on the standard output, a bar on the error stream.</summary>
internal static class Terminal
{
    /// <summary>What a terminal is held to have that does not tell its width.</summary>
    private const int UsualWidth = 79;

    private const string Green = "\e[32m", Red = "\e[1;31m", Plain = "\e[0m";

    /// <summary>Whether the standard output is a terminal whose user did not decline colours (<c>NO_COLOR</c>, <c>TERM=dumb</c>).</summary>
    public static bool HasColour { get; } = !Console.IsOutputRedirected && TakesColour;

    /// <summary>Whether a bar is seen and disturbs nothing: the error stream is a terminal that can return to the line's beginning.</summary>
    public static bool HasProgress { get; } = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <summary>So many letters a line of the terminal has, its last column left free; as good as any where nobody watches.</summary>
    public static int Width => !HasProgress ? int.MaxValue : Console.WindowWidth is > 1 and var columns ? columns - 1 : UsualWidth;

    private static bool TakesColour => string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <summary>A verdict, in green or red on a terminal.</summary>
    public static string Verdict(bool good, string text) => HasColour ? $"{(good ? Green : Red)}{text}{Plain}" : text;

    /// <summary>A failure's headline for the error stream.</summary>
    public static string Failure(string text) => !Console.IsErrorRedirected && TakesColour ? $"{Red}{text}{Plain}" : text;
}
