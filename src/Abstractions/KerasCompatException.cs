namespace KerasCompat;

/// <summary>The base of every exception this library throws for what a file, a model or its inputs hold.</summary>
/// <remarks>Misuse of the API by the calling code is reported with .NET's own argument exceptions.</remarks>
public abstract class KerasCompatException : Exception
{
    private protected KerasCompatException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}

/// <summary>A file is not what it claims to be: damaged, truncated, or of another kind.</summary>
public sealed class ModelFormatException : KerasCompatException
{
    /// <summary>Reports a defect of a file.</summary>
    /// <param name="place">Where: <c>model.h5:/model_weights/conv1/kernel</c>.</param>
    /// <param name="found">What stands there.</param>
    /// <param name="expected">What should stand there.</param>
    /// <param name="remedy">What the reader of the message can do.</param>
    /// <param name="inner">The exception this one explains.</param>
    public ModelFormatException(string place, string found, string? expected = null, string? remedy = null, Exception? inner = null)
        : this(new Problem(place, found, expected, remedy), inner)
    {
    }

    /// <summary>Reports a defect of a file.</summary>
    public ModelFormatException(Problem problem, Exception? inner = null)
        : base(problem.ToString(), inner) => Problem = problem;

    /// <summary>The defect, part by part.</summary>
    public Problem Problem { get; }
}

/// <summary>A file asks for something this library lacks. It names every such thing, not only the first.</summary>
public sealed class UnsupportedModelException : KerasCompatException
{
    /// <summary>Reports one missing feature.</summary>
    public UnsupportedModelException(string place, string found, string? expected = null, string? remedy = null)
        : this([new Problem(place, found, expected, remedy)])
    {
    }

    /// <summary>Reports all that stands in the way.</summary>
    /// <exception cref="ArgumentException"><paramref name="problems"/> is empty.</exception>
    public UnsupportedModelException(IReadOnlyList<Problem> problems)
        : base(string.Join(Environment.NewLine, problems), null)
    {
        if (problems.Count == 0)
        {
            throw new ArgumentException("At least one problem is needed.", nameof(problems));
        }

        Problems = problems;
    }

    /// <summary>All that stands in the way, in the order of the file.</summary>
    public IReadOnlyList<Problem> Problems { get; }
}

/// <summary>Reading on would take more memory, depth or elements than <see cref="ReadLimits"/> allows.</summary>
public sealed class ResourceLimitException : KerasCompatException
{
    /// <summary>Reports a limit that was reached.</summary>
    public ResourceLimitException(string place, string found, string expected, string? remedy = null)
        : base(new Problem(place, found, expected, remedy).ToString(), null) =>
        Problem = new Problem(place, found, expected, remedy);

    /// <summary>The limit and what asked for more.</summary>
    public Problem Problem { get; }
}
